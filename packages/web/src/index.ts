export {
  type BuildOptions,
  buildConsole,
  buildInspection,
  buildInstaller,
  buildWallet,
} from './server/build-app.ts';
export { type ConsoleConfig, type ConsoleModule, consoleRoutes } from './server/console-routes.ts';
export { type InspectionPageConfig, inspectionRoutes } from './server/inspection-routes.ts';
export { type InstallerConfig, installerRoutes } from './server/installer-routes.ts';
export { type WalletConfig, type WalletOperator, walletRoutes } from './server/wallet-routes.ts';
