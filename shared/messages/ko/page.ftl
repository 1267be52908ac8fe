## The hosted page: what the server fills in

page-fixed-title = 패스키 만들기
page-fixed-scripts = JavaScript가 꺼져 있음
page-fixed-scripts_lead = 이 페이지에서 패스키를 만들려면 JavaScript가 필요합니다. 여기에서 허용하거나 받은 링크를 다른 브라우저에서 여세요.
page-fixed-late = 아무 반응이 없으면 브라우저가 너무 오래되었을 수 있습니다. 받은 링크를 최신 브라우저에서 여세요.

## The hosted page: buttons and short texts

page-text-from = 보낸 곳
page-text-for = 받는 사람
page-text-passkey = 패스키
page-text-created = 만든 날짜
page-text-until = 유효 기간
page-text-elsewhere = 다른 기기나 다른 브라우저에서 계속하기
page-text-someone = 링크를 보낸 곳
page-text-create = 패스키 만들기
page-text-here = 여기에서 만들기
page-text-decline = 링크 철회
page-text-disown = 패스키 삭제
page-text-renew = 이메일로 새 링크 받기
page-text-again = 이메일 다시 보내기
page-text-retry = 다시 시도
page-text-otherDevice = 다른 기기 사용
page-text-proceed = 계속
page-text-support = 지원팀에 문의
page-text-copy = 링크 복사
page-text-copied = 링크가 복사되었습니다. 다른 브라우저의 주소창에 붙여넣으세요.
page-text-byHand = 이 링크를 복사하여 다른 브라우저의 주소창에 붙여넣으세요.
page-text-share = 링크 공유
page-text-qr = QR 코드 보기
page-text-scan = 다른 기기의 카메라로 이 코드를 스캔하세요. 내 링크가 포함되어 있으니 다른 사람에게 보여주지 마세요.
page-text-noQr = QR 코드를 불러올 수 없습니다. 대신 링크를 복사하세요.
page-text-preparing = 준비 중…
page-text-device = 기기의 안내를 따르세요.
page-text-saving = 패스키 저장 중…
page-text-leaving = { $host } 페이지로 이동 중…
page-text-stay = 이 페이지를 닫아도 됩니다.
page-text-wait = { $time } 후에 다시 시도하세요.
page-text-reason = 이유:
page-text-request = 요청:
page-text-unnamed = 알 수 없는 제조업체

## The hosted page: its states (heading; lead and note are below it)

page-state-checking = 링크 확인 중
    .lead = 잠시만 기다려 주세요.
page-state-ready = 패스키 만들기
    .lead = { $from }에서 패스키를 만들도록 초대했습니다. 기기에서 지문, 얼굴 또는 화면 잠금을 요청합니다. 기억해야 할 것은 없습니다.
    .note = 예상하지 못한 초대인가요? 이 페이지를 닫아도 됩니다. 아무 일도 일어나지 않으며 링크는 자동으로 만료됩니다.
page-state-in-app = 브라우저에서 이 링크를 여세요
    .lead = 지금은 다른 앱에 내장된 브라우저이며, 여기에서는 패스키를 만들 수 없는 경우가 많습니다. 링크를 복사하여 평소 사용하는 브라우저에서 여세요.
    .note = 링크는 계속 사용할 수 있습니다.
page-state-unsupported = 다른 브라우저에서 계속하세요
    .lead = 이 브라우저 또는 기기에서는 이 패스키를 만들 수 없습니다. 휴대전화나 다른 브라우저에서 링크를 여세요.
    .note = 링크는 계속 사용할 수 있습니다.
page-state-renewable = 링크가 만료되었습니다
    .lead = 링크는 제한된 시간 동안만 사용할 수 있습니다. { $from }에 등록된 회원님의 이메일 주소로 새 링크를 보낼 수 있습니다.
page-state-renewing = 더 최근에 받은 링크가 있습니다
    .lead = 이 링크는 만료되었습니다. { $from }에 등록된 회원님의 이메일 주소로 새 링크를 보냈습니다({ $mailed }). 새 링크를 여세요.
    .note = 찾을 수 없나요? 스팸함을 확인하거나 이메일을 다시 보내세요.
page-state-renewed = 새 링크를 보냈습니다
    .lead = 이메일을 확인하고 로그인에 사용할 기기에서 새 링크를 여세요.
    .note = 이 페이지를 닫아도 됩니다.
page-state-working = 패스키 만드는 중
    .lead = 패스키가 준비될 때까지 이 페이지를 열어 두세요.
page-state-done = 패스키가 준비되었습니다
    .lead = 이제 지문, 얼굴 또는 화면 잠금으로 { $from }에 로그인합니다.
page-state-expired = 링크가 만료되었습니다
    .lead = 링크는 제한된 시간 동안만 사용할 수 있습니다. { $from }에 새 링크를 요청하세요.
page-state-revoked = 철회된 링크입니다
    .lead = 더 이상 사용할 수 없습니다. 패스키가 여전히 필요하면 { $from }에 새 링크를 요청하세요. 이미 이메일로 새 링크를 받았을 수도 있습니다.
page-state-suspended = 계정이 정지되었습니다
    .lead = { $from }에 활성화를 요청하세요. 활성화되면 링크를 계속 사용할 수 있습니다.
page-state-failed-to-send = 유효하지 않은 링크입니다
    .lead = 이 링크가 담긴 이메일을 전송하지 못해 링크가 취소되었습니다. { $from }에 이메일 주소 확인과 새 링크 전송을 요청하세요.
page-state-used = 이미 사용된 링크입니다
    .lead = 이 링크로 패스키가 이미 만들어졌습니다. 본인이 만들었다면 완료된 것입니다. 그 패스키로 로그인하세요.
    .note = 본인이 아니라면 즉시 { $from }에 알려 주세요.
page-state-wrong-link = 링크가 완전하지 않습니다
    .lead = 링크의 일부가 누락되었거나 잘못되었습니다. 메시지에서 바로 열거나 링크 전체를 주소창에 복사하세요.
    .note = 그래도 작동하지 않으면 새 링크를 요청하세요.
page-state-cancelled = 패스키가 만들어지지 않았습니다
    .lead = 취소되었거나 시간이 너무 오래 걸렸습니다. 링크는 계속 사용할 수 있으니 걱정하지 마세요.
page-state-exists = 이미 여기에 패스키가 있습니다
    .lead = 이 기기에 이미 { $from } 패스키가 있으며, 이 패스키로 로그인할 수 있습니다.
    .note = 휴대전화, 보안 키 또는 다른 기기에 추가할 수도 있습니다.
page-state-offline = 연결되지 않음
    .lead = 서버에 연결할 수 없습니다. 연결을 확인한 후 다시 시도하세요. 잃어버린 것은 없습니다.
page-state-busy = 잠시 후 다시 시도하세요
    .lead = 지금은 서버가 혼잡합니다. 링크는 계속 사용할 수 있으니 걱정하지 마세요.
page-state-refused = 패스키가 승인되지 않았습니다
    .lead = 기기에서 패스키를 만들었지만 서버에서 승인할 수 없었습니다. 다른 기기나 브라우저 등에서 다시 시도할 수 있습니다.
    .note = 문제가 다시 발생하면 아래 내용을 지원팀에 보내세요.

## The hosted page: the same states with a cause of their own

page-other-opener = 이메일의 링크를 다시 여세요
    .lead = 이 페이지에 더 이상 링크가 없습니다. 링크는 한 탭에서만, 사용될 때까지만 보관됩니다.
page-other-nowhere = 여기에는 아무것도 없습니다
    .lead = 메시지의 링크를 따라왔다면 링크의 일부가 누락되었거나 변경된 것입니다. 메시지에서 바로 열거나 링크 전체를 주소창에 복사하세요.
page-other-errand = 잠시만 기다려 주세요
    .lead = 이 페이지를 열어 두세요.
page-other-errandFailed = 문제가 발생했습니다
    .lead = 처리하지 못했습니다. 잠시 후 다시 시도하세요.
page-other-trouble = 문제가 발생했습니다
    .lead = 패스키를 만들 수 없습니다. 다른 기기나 브라우저 등에서 다시 시도할 수 있습니다. 링크는 계속 사용할 수 있습니다.
page-other-tooMany =
    .lead = 이 링크로 너무 많이 시도했습니다. 잠시 기다린 후 다시 시도하세요. 링크는 계속 사용할 수 있습니다.
page-other-mailedNow =
    .lead = 방금 새 링크를 보냈습니다. 다시 요청하기 전에 이메일을 확인하세요.
page-other-noMoreMails = 더 이상 이메일을 보낼 수 없습니다
    .lead = 새 링크를 다시 보낼 수 없습니다. { $from }에 다른 링크를 요청하세요.
page-other-declinedBefore =
    .lead = 이메일의 링크를 통해 철회되어 더 이상 사용할 수 없습니다. 그래도 패스키가 필요하면 { $from }에 새 링크를 요청하세요.

## The hosted page: withdrawing a link, and removing a passkey. Loaded when somebody wants that.

page-errand-decline = 예상하지 못한 초대인가요?
    .lead = 누군가 { $from }에 회원님을 패스키를 만들도록 초대해 달라고 요청했습니다. 원하지 않으면 링크를 철회하세요. 그러면 아무도 사용할 수 없습니다.
page-errand-declined = 링크가 철회되었습니다
    .lead = 링크가 더 이상 작동하지 않으며, { $from }에서 회원님이 예상하지 못한 초대였음을 확인할 수 있습니다.
    .note = 이 페이지를 닫아도 됩니다.
page-errand-disown = 이 패스키를 만드셨나요?
    .lead = 이 패스키가 { $from } 계정에 추가되었습니다. 본인이 아니라면 삭제하세요.
    .note = 본인이 맞다면 이 페이지를 닫으세요. 아무것도 변경되지 않습니다.
page-errand-disowned = 패스키가 삭제되었습니다
    .lead = { $from }에서 더 이상 유효하지 않습니다.
    .note = 직접 만들지 않았다면 계정을 확인할 수 있도록 { $from }에 알려 주세요.
page-errand-removed = 이 패스키는 이미 삭제되었습니다
    .lead = { $from }에서 더 이상 유효하지 않습니다. 여기에서 더 할 일이 없습니다.
    .note = 직접 만들지 않았다면 계정을 확인할 수 있도록 { $from }에 알려 주세요.
page-errand-over = 여기에서 삭제할 수 있는 기간이 지났습니다
    .lead = 이 링크로는 { $until }까지 패스키를 삭제할 수 있었습니다. 패스키는 아직 유효합니다. 직접 만들지 않았다면 { $from }에 삭제를 요청하세요.
page-errand-removedByThem =
    .lead = { $from }에서 { $removed }에 삭제했습니다. 여기에서 더 할 일이 없습니다.
page-errand-removedByMail =
    .lead = { $removed }에 이 링크로 삭제되었으며, { $from }에서 더 이상 유효하지 않습니다.

## The hosted page: what helps when a passkey was refused

page-remedy-mechanism_not_allowed = { $from }에서는 이 종류의 패스키를 허용하지 않습니다. 사용할 수 있는 것을 { $from }에 문의하세요.
page-remedy-user_not_verified = 기기에서 본인 여부를 확인하지 않았습니다. 기기에 PIN, 지문 또는 얼굴 인식을 설정하거나 다른 기기를 사용한 후 다시 시도하세요.
page-remedy-resident_key_missing = 패스키를 보안 키에 저장할 수 없습니다. 더 이상 필요 없는 패스키를 삭제하여 공간을 확보하거나 다른 기기를 사용하세요.
page-remedy-algorithm_not_allowed = { $from }에서는 이 기기가 만드는 키 유형을 허용하지 않습니다. 다른 기기나 보안 키를 사용하세요.
page-remedy-backup_eligibility_not_allowed = 패스키가 { $from }에서 허용하지 않는 위치에 저장되었습니다. 다시 시도하여 다른 위치를 선택하세요. 비밀번호 관리자 대신 기기나 보안 키를 선택하거나 그 반대로 선택하세요.
page-remedy-model = { $from }에서는 이 제조업체 또는 모델의 패스키를 허용하지 않습니다. 다른 기기, 보안 키 또는 비밀번호 관리자를 사용하세요. 사용할 수 있는 것은 { $from }에 문의하세요.
page-remedy-attestation_downgraded = 브라우저에서 기기 정보를 제공하지 않았습니다. 다시 시도하고, 브라우저에서 제조업체와 모델을 물으면 허용하세요. 먼저 비밀번호 관리자 확장 프로그램을 끄세요.
page-remedy-authenticator_status_refused = 이 모델의 기기 또는 보안 키에는 알려진 취약점이 있어 { $from }에서 허용하지 않습니다. 다른 것을 사용하세요.
page-remedy-unproven = 기기의 종류를 증명할 수 없습니다. 다른 기기나 보안 키를 사용해 보세요.
page-remedy-credential_exists = 이미 등록된 패스키입니다. 이 패스키로 로그인해 보거나 다른 기기를 사용하세요.
