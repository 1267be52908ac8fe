mail-hello = Olá, { $name }!
mail-copy = Se o botão não funcionar, copie este link para o seu navegador:
mail-until = Válido até: { $time }
mail-support = Falar com o suporte de { $realm }
mail-date = { $day } de { $month } de { $year }, { $clock } UTC
mail-month = { $month ->
    [1] janeiro
    [2] fevereiro
    [3] março
    [4] abril
    [5] maio
    [6] junho
    [7] julho
    [8] agosto
    [9] setembro
    [10] outubro
    [11] novembro
   *[12] dezembro
}
mail-test = Teste: { $subject }
    .note = Este é um e-mail de teste. Os links dele não funcionam.

mail-invitation = Crie sua chave de acesso para { $realm }
    .renewed-subject = Seu novo link: crie sua chave de acesso para { $realm }
    .reminder-subject = Lembrete: crie sua chave de acesso para { $realm }
    .preheader = { $realm } convida você. Basta um toque: impressão digital, rosto ou bloqueio de tela.
    .renewed = Um novo link foi solicitado porque o anterior tinha expirado. Ele está neste e-mail e substitui o anterior.
    .reminder = Já enviamos este link a você, e ele ainda não foi usado.
    .days-left = { $days ->
        [one] Ele funciona por mais { $days } dia.
       *[other] Ele funciona por mais { $days } dias.
    }
    .intro = { $realm } convida você a criar uma chave de acesso. A partir daí, você faz login com sua impressão digital, seu rosto ou o bloqueio de tela. Não há senha para memorizar.
    .how = Basta um toque. Abra o link no dispositivo com o qual você quer fazer login.
    .button = Criar chave de acesso
    .once = O link funciona uma única vez e é só para você. Não o encaminhe.
    .unexpected = Não esperava este e-mail?
    .safe = Sem você nada acontece, e o link expira sozinho. A página do link nunca pede uma senha.
    .decline = Por segurança, você pode { $start }cancelar o link{ $end }.
    .decline-text = Por segurança, você pode cancelar o link aqui:
    .question = Algo parece errado, ou você tem uma dúvida?

mail-notice = Uma chave de acesso foi adicionada à sua conta em { $realm }
    .heading = Uma chave de acesso foi adicionada à sua conta
    .preheader = Uma chave de acesso foi adicionada à sua conta em { $realm }. Se foi você, não é preciso fazer nada.
    .intro = Uma chave de acesso foi adicionada à sua conta em { $realm }:
    .model = Criada com: { $model }
    .unnamed = Não informado
    .time = Data: { $time }
    .expected = Se foi você, não é preciso fazer nada.
    .unexpected = Não foi você?
    .remove = Então remova a chave de acesso agora. Quem a criou não poderá mais fazer login com ela.
    .button = Remover chave de acesso
    .life = { $hours ->
        [one] O link funciona por { $hours } hora.
       *[other] O link funciona por { $hours } horas.
    }
    .question = Dúvidas?
