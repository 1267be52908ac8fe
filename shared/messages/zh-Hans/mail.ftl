mail-hello = { $name }，您好：
mail-copy = 如果按钮无法使用，请将此链接复制到浏览器中：
mail-until = 有效期至：{ $time }
mail-support = 联系 { $realm } 支持团队
mail-date = { $year }年{ $month }月{ $day }日 { $clock }（UTC）
mail-month = { $month ->
    [1] 1
    [2] 2
    [3] 3
    [4] 4
    [5] 5
    [6] 6
    [7] 7
    [8] 8
    [9] 9
    [10] 10
    [11] 11
   *[12] 12
}
mail-test = 测试：{ $subject }
    .note = 这是一封测试邮件。其中的链接无法使用。

mail-invitation = 为 { $realm } 创建通行密钥
    .renewed-subject = 您的新链接：为 { $realm } 创建通行密钥
    .reminder-subject = 提醒：为 { $realm } 创建通行密钥
    .preheader = { $realm } 邀请您。只需轻点一下：指纹、面孔或屏幕锁定。
    .renewed = 由于之前的链接已过期，系统收到了获取新链接的请求。新链接就在此邮件中，并取代之前的链接。
    .reminder = 我们之前向您发送过此链接，但您尚未使用。
    .days-left = { $days ->
       *[other] 链接还有 { $days } 天有效。
    }
    .intro = { $realm } 邀请您创建通行密钥。此后您可以使用指纹、面孔或屏幕锁定登录，无需记住密码。
    .how = 只需轻点一下。请在您要用来登录的设备上打开链接。
    .button = 创建通行密钥
    .once = 此链接只能使用一次，且仅供您本人使用。请勿转发。
    .unexpected = 没想到会收到此邮件？
    .safe = 没有您的操作，不会发生任何事情，链接会自动失效。链接指向的页面绝不会索要密码。
    .decline = 为安全起见，您可以{ $start }撤回链接{ $end }。
    .decline-text = 为安全起见，您可以在此处撤回链接：
    .question = 发现异常，或有疑问？

mail-notice = 您在 { $realm } 的账号添加了通行密钥
    .heading = 您的账号添加了通行密钥
    .preheader = 您在 { $realm } 的账号添加了通行密钥。如果是您本人操作，则无需处理。
    .intro = 您在 { $realm } 的账号添加了通行密钥：
    .model = 创建工具：{ $model }
    .unnamed = 未提供
    .time = 时间：{ $time }
    .expected = 如果是您本人操作，则无需处理。
    .unexpected = 不是您本人操作？
    .remove = 请立即移除此通行密钥。创建者将无法再用它登录。
    .button = 移除通行密钥
    .life = { $hours ->
       *[other] 链接在 { $hours } 小时内有效。
    }
    .question = 有疑问？
