mail-hello = { $name }님, 안녕하세요.
mail-copy = 버튼이 작동하지 않으면 이 링크를 브라우저에 복사하세요:
mail-until = 유효 기간: { $time }
mail-support = { $realm } 지원팀에 문의
mail-date = { $year }년 { $month }월 { $day }일 { $clock }(UTC)
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
mail-test = 테스트: { $subject }
    .note = 테스트 이메일입니다. 링크가 작동하지 않습니다.

mail-invitation = { $realm } 패스키를 만드세요
    .renewed-subject = 새 링크: { $realm } 패스키를 만드세요
    .reminder-subject = 알림: { $realm } 패스키를 만드세요
    .preheader = { $realm }에서 보낸 초대입니다. 지문, 얼굴 또는 화면 잠금으로 한 번만 탭하면 됩니다.
    .renewed = 이전 링크가 만료되어 새 링크가 요청되었습니다. 새 링크는 이 이메일에 있으며 이전 링크를 대체합니다.
    .reminder = 이 링크를 이전에 보내 드렸지만 아직 사용하지 않으셨습니다.
    .days-left = { $days ->
       *[other] 앞으로 { $days }일 동안 사용할 수 있습니다.
    }
    .intro = { $realm }에서 패스키를 만들도록 초대했습니다. 이후에는 지문, 얼굴 또는 화면 잠금으로 로그인합니다. 기억해야 할 비밀번호가 없습니다.
    .how = 한 번만 탭하면 됩니다. 로그인에 사용할 기기에서 링크를 여세요.
    .button = 패스키 만들기
    .once = 링크는 한 번만 사용할 수 있으며 회원님만을 위한 것입니다. 다른 사람에게 전달하지 마세요.
    .unexpected = 예상하지 못한 이메일인가요?
    .safe = 회원님이 조치하지 않으면 아무 일도 일어나지 않으며 링크는 자동으로 만료됩니다. 링크로 연결되는 페이지에서는 비밀번호를 묻지 않습니다.
    .decline = 안전을 위해 { $start }링크를 철회{ $end }할 수 있습니다.
    .decline-text = 안전을 위해 여기에서 링크를 철회할 수 있습니다:
    .question = 이상한 점이나 궁금한 점이 있나요?

mail-notice = { $realm } 계정에 패스키가 추가되었습니다
    .heading = 계정에 패스키가 추가되었습니다
    .preheader = { $realm } 계정에 패스키가 추가되었습니다. 본인이 추가했다면 아무것도 하지 않아도 됩니다.
    .intro = { $realm } 계정에 패스키가 추가되었습니다:
    .model = 만든 도구: { $model }
    .unnamed = 정보 없음
    .time = 시간: { $time }
    .expected = 본인이 추가했다면 아무것도 하지 않아도 됩니다.
    .unexpected = 본인이 아닌가요?
    .remove = 지금 바로 패스키를 삭제하세요. 패스키를 만든 사람은 더 이상 이 패스키로 로그인할 수 없습니다.
    .button = 패스키 삭제
    .life = { $hours ->
       *[other] 링크는 { $hours }시간 동안 사용할 수 있습니다.
    }
    .question = 궁금한 점이 있나요?
