export { type BuildOptions, buildWallet } from './server/build-wallet.ts';
export { type WalletConfig, type WalletOperator, walletRoutes } from './server/wallet-routes.ts';
