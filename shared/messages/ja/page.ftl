## The hosted page: what the server fills in

page-fixed-title = パスキーの作成
page-fixed-scripts = JavaScript が無効になっています
page-fixed-scripts_lead = このページでパスキーを作成するには JavaScript が必要です。ここで許可するか、受け取ったリンクを別のブラウザで開いてください。
page-fixed-late = 何も表示されない場合、このブラウザは古すぎる可能性があります。受け取ったリンクを最新のブラウザで開いてください。

## The hosted page: buttons and short texts

page-text-from = 送信元
page-text-for = 宛先
page-text-passkey = パスキー
page-text-created = 作成日時
page-text-until = 有効期限
page-text-elsewhere = 別のデバイスまたはブラウザで続ける
page-text-someone = リンクの送信者
page-text-create = パスキーを作成
page-text-here = このまま作成する
page-text-decline = リンクを取り消す
page-text-disown = パスキーを削除
page-text-renew = 新しいリンクをメールで受け取る
page-text-again = もう一度メールで送信
page-text-retry = 再試行
page-text-otherDevice = 別のデバイスを使用
page-text-proceed = 続ける
page-text-support = サポートに問い合わせる
page-text-copy = リンクをコピー
page-text-copied = リンクをコピーしました。別のブラウザのアドレスバーに貼り付けてください。
page-text-byHand = このリンクをコピーして、別のブラウザのアドレスバーに貼り付けてください。
page-text-share = リンクを共有
page-text-qr = QR コードを表示
page-text-scan = 別のデバイスのカメラでこのコードを読み取ってください。あなた専用のリンクが含まれているため、他の人には見せないでください。
page-text-noQr = QR コードを読み込めませんでした。代わりにリンクをコピーしてください。
page-text-preparing = 準備しています…
page-text-device = デバイスの指示に従ってください。
page-text-saving = パスキーを保存しています…
page-text-leaving = { $host } に移動しています…
page-text-stay = このページを閉じてかまいません。
page-text-wait = { $time }後にもう一度お試しください。
page-text-reason = 理由:
page-text-request = リクエスト:
page-text-unnamed = メーカー不明

## The hosted page: its states (heading; lead and note are below it)

page-state-checking = リンクを確認しています
    .lead = 少々お待ちください。
page-state-ready = パスキーの作成
    .lead = { $from } からパスキーの作成の案内が届いています。デバイスで指紋認証、顔認証、または画面ロックの解除を求められます。何も覚える必要はありません。
    .note = お心当たりがない場合は、このページを閉じてください。何も起こらず、リンクは自動的に失効します。
page-state-in-app = ブラウザでこのリンクを開いてください
    .lead = これは別のアプリに内蔵されたブラウザのため、パスキーを作成できないことがよくあります。リンクをコピーして、普段お使いのブラウザで開いてください。
    .note = リンクは引き続き有効です。
page-state-unsupported = 別のブラウザで続けてください
    .lead = このブラウザまたはデバイスでは、このパスキーを作成できません。スマートフォンまたは別のブラウザでリンクを開いてください。
    .note = リンクは引き続き有効です。
page-state-renewable = リンクの有効期限が切れています
    .lead = リンクを使用できるのは一定の期間だけです。{ $from } に登録されているあなたのメールアドレスに、新しいリンクを送信できます。
page-state-renewing = 新しいリンクが届いています
    .lead = このリンクの有効期限は切れています。新しいリンクを、{ $from } に登録されているあなたのメールアドレスに送信しました（{ $mailed }）。そちらを開いてください。
    .note = 見つからない場合は、迷惑メールフォルダを確認するか、もう一度メールで送信してください。
page-state-renewed = 新しいリンクを送信しました
    .lead = メールを確認し、ログインに使用するデバイスで新しいリンクを開いてください。
    .note = このページを閉じてかまいません。
page-state-working = パスキーを作成しています
    .lead = パスキーの準備ができるまで、このページを開いたままにしてください。
page-state-done = パスキーの準備ができました
    .lead = これからは、指紋認証、顔認証、または画面ロックの解除で { $from } にログインできます。
page-state-expired = リンクの有効期限が切れています
    .lead = リンクを使用できるのは一定の期間だけです。{ $from } に新しいリンクの送信を依頼してください。
page-state-revoked = このリンクは取り消されました
    .lead = このリンクはもう使用できません。パスキーが必要な場合は、{ $from } に新しいリンクを依頼してください。すでに新しいリンクがメールで届いている可能性があります。
page-state-suspended = アカウントが停止されています
    .lead = { $from } にアカウントの有効化を依頼してください。有効になれば、リンクは引き続き使用できます。
page-state-failed-to-send = このリンクは有効ではありません
    .lead = このリンクのメールを配信できなかったため、リンクはキャンセルされました。{ $from } に、メールアドレスの確認と新しいリンクの送信を依頼してください。
page-state-used = このリンクはすでに使用されています
    .lead = このリンクでパスキーがすでに作成されています。ご自身で作成した場合は完了しています。そのパスキーでログインしてください。
    .note = お心当たりがない場合は、すぐに { $from } にお知らせください。
page-state-wrong-link = リンクが不完全です
    .lead = リンクの一部が欠けているか、間違っています。メッセージから直接開くか、リンク全体をアドレスバーにコピーしてください。
    .note = それでも開けない場合は、新しいリンクを依頼してください。
page-state-cancelled = パスキーは作成されませんでした
    .lead = 操作がキャンセルされたか、時間がかかりすぎました。リンクは引き続き有効ですので、ご安心ください。
page-state-exists = このデバイスにはすでにパスキーがあります
    .lead = このデバイスには { $from } のパスキーがすでにあり、ログインに使用できます。
    .note = スマートフォン、セキュリティキー、その他のデバイスに追加することもできます。
page-state-offline = 接続できません
    .lead = サーバーに接続できませんでした。接続を確認して、もう一度お試しください。失われたものはありません。
page-state-busy = しばらくしてからもう一度お試しください
    .lead = 現在サーバーが混み合っています。リンクは引き続き有効ですので、ご安心ください。
page-state-refused = パスキーは受け付けられませんでした
    .lead = デバイスでパスキーが作成されましたが、サーバーで受け付けることができませんでした。別のデバイスやブラウザなどで、もう一度お試しください。
    .note = 再び発生する場合は、以下の内容をサポートにお送りください。

## The hosted page: the same states with a cause of their own

page-other-opener = メールのリンクをもう一度開いてください
    .lead = このページにはリンクが残っていません。リンクは 1 つのタブにのみ、使用されるまで保持されます。
page-other-nowhere = ここには何もありません
    .lead = メッセージのリンクから移動した場合は、リンクの一部が欠けているか、変更されています。メッセージから直接開くか、リンク全体をアドレスバーにコピーしてください。
page-other-errand = 少々お待ちください
    .lead = このページを開いたままにしてください。
page-other-errandFailed = 問題が発生しました
    .lead = 処理できませんでした。しばらくしてからもう一度お試しください。
page-other-trouble = 問題が発生しました
    .lead = パスキーを作成できませんでした。別のデバイスやブラウザなどで、もう一度お試しください。リンクは引き続き有効です。
page-other-tooMany =
    .lead = このリンクでの試行回数が多すぎます。しばらく待ってから、もう一度お試しください。リンクは引き続き有効です。
page-other-mailedNow =
    .lead = 新しいリンクを送信したばかりです。もう一度依頼する前に、メールを確認してください。
page-other-noMoreMails = これ以上メールを送信できません
    .lead = 新しいリンクをもう一度送信することはできません。{ $from } に別のリンクの送信を依頼してください。
page-other-declinedBefore =
    .lead = メール内のリンクから取り消されたため、もう使用できません。やはりパスキーが必要な場合は、{ $from } に新しいリンクを依頼してください。

## The hosted page: withdrawing a link, and removing a passkey. Loaded when somebody wants that.

page-errand-decline = お心当たりがありませんか？
    .lead = { $from } に、パスキーの作成をあなたに案内するよう依頼した人がいます。パスキーが不要な場合は、リンクを取り消してください。取り消すと、誰もリンクを使用できなくなります。
page-errand-declined = リンクを取り消しました
    .lead = このリンクはもう使用できません。お心当たりがなかったことは { $from } にも表示されます。
    .note = このページを閉じてかまいません。
page-errand-disown = このパスキーを作成しましたか？
    .lead = { $from } のアカウントにこのパスキーが追加されました。お心当たりがない場合は、削除してください。
    .note = ご自身で作成した場合は、このページを閉じてください。何も変更されません。
page-errand-disowned = パスキーを削除しました
    .lead = { $from } では使用できなくなりました。
    .note = ご自身で作成していない場合は、アカウントを確認してもらえるよう { $from } にお知らせください。
page-errand-removed = このパスキーはすでに削除されています
    .lead = { $from } では使用できなくなっています。ここで行う操作はありません。
    .note = ご自身で作成していない場合は、アカウントを確認してもらえるよう { $from } にお知らせください。
page-errand-over = ここで削除できる期限が過ぎました
    .lead = このリンクでパスキーを削除できたのは { $until } までです。パスキーはまだ有効です。ご自身で作成していない場合は、{ $from } に削除を依頼してください。
page-errand-removedByThem =
    .lead = { $from } が { $removed } に削除しました。ここで行う操作はありません。
page-errand-removedByMail =
    .lead = { $removed } にこのリンクから削除され、{ $from } では使用できなくなっています。

## The hosted page: what helps when a passkey was refused

page-remedy-mechanism_not_allowed = { $from } ではこの種類のパスキーを使用できません。使用できるものを { $from } にお問い合わせください。
page-remedy-user_not_verified = デバイスで本人確認が行われませんでした。デバイスに PIN、指紋認証、または顔認証を設定するか、別のデバイスを使用してから、もう一度お試しください。
page-remedy-resident_key_missing = パスキーをセキュリティキーに保存できませんでした。不要なパスキーを削除して空きを作るか、別のデバイスを使用してください。
page-remedy-algorithm_not_allowed = { $from } では、このデバイスが作成する種類の鍵を使用できません。別のデバイスまたはセキュリティキーを使用してください。
page-remedy-backup_eligibility_not_allowed = パスキーが { $from } で許可されていない場所に保存されました。もう一度試して、別の保存先を選択してください（パスワードマネージャーの代わりにデバイスやセキュリティキー、またはその逆）。
page-remedy-model = { $from } では、このメーカーまたはモデルのパスキーを使用できません。別のデバイス、セキュリティキー、またはパスワードマネージャーを使用してください。使用できるものは { $from } にお問い合わせください。
page-remedy-attestation_downgraded = ブラウザからデバイスの情報が提供されませんでした。もう一度試して、ブラウザがメーカーとモデルの確認を求めたら許可してください。先にパスワードマネージャーの拡張機能をオフにしてください。
page-remedy-authenticator_status_refused = このモデルのデバイスまたはセキュリティキーには既知の脆弱性があるため、{ $from } では使用できません。別のものを使用してください。
page-remedy-unproven = デバイスの種類を証明できませんでした。別のデバイスまたはセキュリティキーでお試しください。
page-remedy-credential_exists = このパスキーはすでに登録されています。このパスキーでログインするか、別のデバイスを使用してください。
