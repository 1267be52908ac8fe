## The hosted page: what the server fills in

page-fixed-title = 创建通行密钥
page-fixed-scripts = JavaScript 已关闭
page-fixed-scripts_lead = 此页面需要 JavaScript 才能创建通行密钥。请在此处允许 JavaScript，或在其他浏览器中打开您收到的链接。
page-fixed-late = 如果此处没有任何反应，可能是此浏览器版本过旧。请使用新版浏览器打开您收到的链接。

## The hosted page: buttons and short texts

page-text-from = 来自
page-text-for = 收件人
page-text-passkey = 通行密钥
page-text-created = 创建时间
page-text-until = 有效期至
page-text-elsewhere = 在其他设备或浏览器中继续
page-text-someone = 链接的发送方
page-text-create = 创建通行密钥
page-text-here = 仍在此处创建
page-text-decline = 撤回链接
page-text-disown = 移除通行密钥
page-text-renew = 通过邮件获取新链接
page-text-again = 重新发送邮件
page-text-retry = 重试
page-text-otherDevice = 使用其他设备
page-text-proceed = 继续
page-text-support = 联系支持团队
page-text-copy = 复制链接
page-text-copied = 链接已复制。请将其粘贴到其他浏览器的地址栏中。
page-text-byHand = 请复制此链接，并将其粘贴到其他浏览器的地址栏中。
page-text-share = 分享链接
page-text-qr = 显示二维码
page-text-scan = 请使用其他设备的相机扫描此二维码。其中包含您的链接，请勿向他人展示。
page-text-noQr = 无法加载二维码。请改为复制链接。
page-text-preparing = 正在准备…
page-text-device = 请按照设备上的说明操作。
page-text-saving = 正在保存通行密钥…
page-text-leaving = 正在前往 { $host }…
page-text-stay = 您可以关闭此页面。
page-text-wait = 请在 { $time }后重试。
page-text-reason = 原因：
page-text-request = 请求：
page-text-unnamed = 未知制造商

## The hosted page: its states (heading; lead and note are below it)

page-state-checking = 正在检查链接
    .lead = 请稍候。
page-state-ready = 创建通行密钥
    .lead = { $from } 邀请您创建通行密钥。您的设备会要求验证指纹、面孔或屏幕锁定。您无需记住任何内容。
    .note = 不清楚这是什么？您可以关闭此页面：不会发生任何操作，链接会自动失效。
page-state-in-app = 请在浏览器中打开此链接
    .lead = 您正在使用其他应用的内置浏览器，此类浏览器通常无法创建通行密钥。请复制链接，并在您常用的浏览器中打开。
    .note = 您的链接仍然有效。
page-state-unsupported = 请在其他浏览器中继续
    .lead = 此浏览器或设备无法创建此通行密钥。请在手机上或其他浏览器中打开链接。
    .note = 您的链接仍然有效。
page-state-renewable = 此链接已过期
    .lead = 链接仅在一段时间内有效。可以向您在 { $from } 登记的邮箱发送新链接。
page-state-renewing = 您已有更新的链接
    .lead = 此链接已过期。新链接已发送到您在 { $from } 登记的邮箱，发送时间为 { $mailed }。请打开新链接。
    .note = 找不到？请查看垃圾邮件文件夹，或重新发送邮件。
page-state-renewed = 新链接已发出
    .lead = 请查看邮件，并在您要用来登录的设备上打开新链接。
    .note = 您可以关闭此页面。
page-state-working = 正在创建通行密钥
    .lead = 请勿关闭此页面，直到通行密钥准备就绪。
page-state-done = 您的通行密钥已准备就绪
    .lead = 从现在起，您可以使用指纹、面孔或屏幕锁定登录 { $from }。
page-state-expired = 此链接已过期
    .lead = 链接仅在一段时间内有效。请联系 { $from } 向您发送新链接。
page-state-revoked = 此链接已撤回
    .lead = 此链接已无法使用。如果您仍需要通行密钥，请向 { $from } 索取新链接。您的邮箱中可能已有更新的链接。
page-state-suspended = 您的账号已被停用
    .lead = 请联系 { $from } 启用账号。启用后，您的链接仍可使用。
page-state-failed-to-send = 此链接无效
    .lead = 包含此链接的邮件无法送达，因此链接已取消。请联系 { $from } 核对您的邮箱地址并发送新链接。
page-state-used = 此链接已被使用
    .lead = 已使用此链接创建了通行密钥。如果是您本人操作，则已完成：请使用它登录。
    .note = 如果不是您本人操作，请立即告知 { $from }。
page-state-wrong-link = 此链接不完整
    .lead = 链接的一部分缺失或有误。请直接从消息中打开，或将完整链接复制到地址栏中。
    .note = 如果仍然无法打开，请索取新链接。
page-state-cancelled = 未创建通行密钥
    .lead = 操作已取消或耗时过长。请放心，您的链接仍然有效。
page-state-exists = 此处已有通行密钥
    .lead = 您在此设备上已有 { $from } 的通行密钥，可以用它登录。
    .note = 您还可以在手机、安全密钥或其他设备上添加一个。
page-state-offline = 无法连接
    .lead = 无法连接到服务器。请检查网络连接，然后重试。您不会丢失任何内容。
page-state-busy = 请稍后重试
    .lead = 服务器目前繁忙。请放心，您的链接仍然有效。
page-state-refused = 通行密钥未被接受
    .lead = 您的设备创建了通行密钥，但服务器无法接受。您可以重试，也可以换用其他设备或浏览器。
    .note = 如果再次出现此问题，请将以下内容发送给支持团队。

## The hosted page: the same states with a cause of their own

page-other-opener = 请重新打开邮件中的链接
    .lead = 此页面已没有您的链接。链接仅保留在一个标签页中，使用后即清除。
page-other-nowhere = 这里没有内容
    .lead = 如果您是通过消息中的链接来到这里的，则链接的一部分缺失或已被更改。请直接从消息中打开，或将完整链接复制到地址栏中。
page-other-errand = 请稍候
    .lead = 请勿关闭此页面。
page-other-errandFailed = 出了点问题
    .lead = 操作未成功。请稍后重试。
page-other-trouble = 出了点问题
    .lead = 无法创建通行密钥。您可以重试，也可以换用其他设备或浏览器。您的链接仍然有效。
page-other-tooMany =
    .lead = 此链接的尝试次数过多。请稍等片刻，然后重试。您的链接仍然有效。
page-other-mailedNow =
    .lead = 新链接刚刚发出。请先查看邮件，再重新索取。
page-other-noMoreMails = 无法再发送邮件
    .lead = 新链接无法再次发送。请联系 { $from } 向您发送其他链接。
page-other-declinedBefore =
    .lead = 此链接已通过邮件中的链接撤回，无法再使用。如果您仍需要通行密钥，请向 { $from } 索取新链接。

## The hosted page: withdrawing a link, and removing a passkey. Loaded when somebody wants that.

page-errand-decline = 不清楚这是什么？
    .lead = 有人请 { $from } 邀请您创建通行密钥。如果您不需要，请撤回链接，这样任何人都无法使用。
page-errand-declined = 链接已撤回
    .lead = 此链接已失效，{ $from } 可以看到您并不知情。
    .note = 您可以关闭此页面。
page-errand-disown = 此通行密钥是您创建的吗？
    .lead = 此通行密钥已添加到您在 { $from } 的账号。如果不是您本人操作，请将其移除。
    .note = 如果是您本人操作，请关闭此页面：不会发生任何更改。
page-errand-disowned = 通行密钥已移除
    .lead = 它在 { $from } 已失效。
    .note = 如果不是您创建的，请告知 { $from }，以便检查您的账号。
page-errand-removed = 此通行密钥已被移除
    .lead = 它在 { $from } 已失效。您无需在此进行任何操作。
    .note = 如果不是您创建的，请告知 { $from }，以便检查您的账号。
page-errand-over = 已无法在此移除
    .lead = 此链接只能在 { $until } 之前移除通行密钥。该通行密钥仍然有效。如果不是您创建的，请联系 { $from } 将其移除。
page-errand-removedByThem =
    .lead = { $from } 已于 { $removed } 将其移除。您无需在此进行任何操作。
page-errand-removedByMail =
    .lead = 它已于 { $removed } 通过此链接移除，在 { $from } 已失效。

## The hosted page: what helps when a passkey was refused

page-remedy-mechanism_not_allowed = { $from } 不接受此类通行密钥。请咨询 { $from } 您可以使用什么。
page-remedy-user_not_verified = 您的设备未验证您的身份。请在设备上设置 PIN 码、指纹或面孔识别，或使用其他设备，然后重试。
page-remedy-resident_key_missing = 无法将通行密钥存储到您的安全密钥中。请删除不再需要的通行密钥以腾出空间，或使用其他设备。
page-remedy-algorithm_not_allowed = { $from } 不接受此设备创建的密钥类型。请使用其他设备或安全密钥。
page-remedy-backup_eligibility_not_allowed = 通行密钥保存在了 { $from } 不接受的位置。请重试并选择其他位置：用您的设备或安全密钥代替密码管理器，或者反过来。
page-remedy-model = { $from } 不接受此品牌或型号的通行密钥。请使用其他设备、安全密钥或密码管理器；{ $from } 可以告诉您哪些可用。
page-remedy-attestation_downgraded = 您的浏览器未提供设备信息。请重试，并在浏览器询问品牌和型号时选择允许。请先关闭密码管理器扩展程序。
page-remedy-authenticator_status_refused = 此型号的设备或安全密钥存在已知漏洞，因此 { $from } 不予接受。请使用其他设备。
page-remedy-unproven = 您的设备无法证明其身份。请尝试使用其他设备或安全密钥。
page-remedy-credential_exists = 此通行密钥已注册。请尝试用它登录，或使用其他设备。
