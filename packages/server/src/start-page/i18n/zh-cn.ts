import type { StartPageTexts } from './en.ts';

export const zhCn: StartPageTexts = {
  title: 'Attestel：用号码登录',
  lead: '本机正在运行一个由虚构运营商组成的联盟，任何数据都不会离开这台机器。',
  step1: '领取号码凭证',
  step1Text: '选择一家运营商。它的页面模拟网络识别您的线路，并把号码凭证交给您的钱包。',
  step2: '登录应用',
  step2Text: '每个应用看到的是不同的化名；只有您同意，它才看到号码。',
  step3: '试试异常情况',
  step3Text: '在运营商页面停机或换卡，{seconds} 秒之内凭证就不能再用。',
  equipment: '账本上的设备',
  equipmentText:
    '一家没有 CA 的设备商授权了一批三台小基站；两家运营商各有自己的 CA，各运行一台安全网关，并共同运行两个切片。每一行都是现在从账本查得的。',
  cell: '小基站',
  gateway: '安全网关',
  slice: '切片 {label}：SMF',
  check: '现场核验',
  certificate: '证书',
  proof: '账本的记录',
  good: '有效',
  suspended: '已暂停',
  notGood: '无效：{verdict}',
  wallet: '打开钱包',
  connect: '接入您自己的应用',
  connectText: '任何 OpenID Connect 库都可以从这个地址开始：',
  language: 'English',
};
