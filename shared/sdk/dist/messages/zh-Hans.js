// Generated from shared/messages/zh-Hans/sdk.ftl: npm --prefix shared/sdk run build

export default {
  "expired": "此链接已过期。请索取新链接。",
  "revoked": "此链接已撤回。如果您仍需要通行密钥，请索取新链接。",
  "failed_to_send": "包含此链接的邮件无法送达，因此链接已取消。请索取新链接。",
  "suspended": "您的账号已被停用。账号重新启用后，您的链接仍可使用。",
  "already_bound": "已使用此链接创建了通行密钥。如果是您本人操作，请使用它登录。",
  "already_registered": "您在此设备上已有通行密钥。请使用它登录。",
  "cancelled": "未创建通行密钥：操作已取消或耗时过长。您的链接仍然有效。",
  "timed_out": "耗时过长。请重新打开您收到的链接。",
  "aborted": "未创建通行密钥。",
  "not_supported": "此浏览器或设备无法创建此通行密钥。请在其他设备或浏览器中打开链接。",
  "not_trusted_origin": "此页面无权创建您的通行密钥。请联系支持团队。",
  "wrong_link": "此链接不完整。请直接从消息中打开，或将完整链接复制到地址栏中。",
  "network": "无法连接到服务器。请检查网络连接，然后重试。",
  "busy": "服务器目前繁忙。请稍后重试。",
  "policy": "您的设备创建了通行密钥，但未被接受。请重试，也可以换用其他设备或浏览器。",
  "failed": "出了点问题，未创建通行密钥。请重试。"
};
