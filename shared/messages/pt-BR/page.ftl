## The hosted page: what the server fills in

page-fixed-title = Crie sua chave de acesso
page-fixed-scripts = O JavaScript está desativado
page-fixed-scripts_lead = Esta página precisa de JavaScript para criar uma chave de acesso. Permita-o aqui ou abra o link que você recebeu em outro navegador.
page-fixed-late = Se nada acontecer aqui, este navegador provavelmente é antigo demais. Abra o link que você recebeu em um navegador atual.

## The hosted page: buttons and short texts

page-text-from = De
page-text-for = Para
page-text-passkey = Chave de acesso
page-text-created = Criada em
page-text-until = Válido até
page-text-elsewhere = Continuar em outro dispositivo ou em outro navegador
page-text-someone = o remetente do seu link
page-text-create = Criar chave de acesso
page-text-here = Criar aqui mesmo assim
page-text-decline = Cancelar o link
page-text-disown = Remover a chave de acesso
page-text-renew = Enviar um novo link por e-mail
page-text-again = Enviar de novo
page-text-retry = Tentar novamente
page-text-otherDevice = Usar outro dispositivo
page-text-proceed = Continuar
page-text-support = Falar com o suporte
page-text-copy = Copiar link
page-text-copied = O link foi copiado. Cole-o na barra de endereço do outro navegador.
page-text-byHand = Copie este link e cole-o na barra de endereço do outro navegador.
page-text-share = Compartilhar link
page-text-qr = Mostrar QR code
page-text-scan = Escaneie este código com a câmera do outro dispositivo. Ele contém seu link, então não o mostre a mais ninguém.
page-text-noQr = Não foi possível carregar o QR code. Copie o link.
page-text-preparing = Preparando tudo…
page-text-device = Siga as instruções do seu dispositivo.
page-text-saving = Salvando sua chave de acesso…
page-text-leaving = Levando você para { $host }…
page-text-stay = Você pode fechar esta página.
page-text-wait = Tente novamente em { $time }.
page-text-reason = Motivo:
page-text-request = Solicitação:
page-text-unnamed = Fabricante desconhecido

## The hosted page: its states (heading; lead and note are below it)

page-state-checking = Verificando seu link
    .lead = Um momento, por favor.
page-state-ready = Crie sua chave de acesso
    .lead = { $from } convida você a criar uma chave de acesso. Seu dispositivo vai pedir sua impressão digital, seu rosto ou o bloqueio de tela. Você não precisa memorizar nada.
    .note = Não esperava por isto? Você pode fechar esta página: nada acontece, e o link expira sozinho.
page-state-in-app = Abra este link no seu navegador
    .lead = Você está no navegador integrado de outro app, onde muitas vezes não é possível criar chaves de acesso. Copie o link e abra-o no navegador que você costuma usar.
    .note = Seu link continua válido.
page-state-unsupported = Continue em outro navegador
    .lead = Este navegador ou dispositivo não consegue criar esta chave de acesso. Abra o link no seu celular ou em outro navegador.
    .note = Seu link continua válido.
page-state-renewable = Este link expirou
    .lead = Os links funcionam apenas por um tempo limitado. Um novo pode ser enviado ao endereço que { $from } tem de você.
page-state-renewing = Você já tem um link mais recente
    .lead = Este link expirou. Um novo foi enviado ao endereço que { $from } tem de você, em { $mailed }. Abra esse.
    .note = Não o encontrou? Verifique a pasta de spam ou peça para enviá-lo de novo.
page-state-renewed = Um novo link está a caminho
    .lead = Verifique seu e-mail e abra o novo link no dispositivo com o qual você quer fazer login.
    .note = Você pode fechar esta página.
page-state-working = Criando sua chave de acesso
    .lead = Mantenha esta página aberta até que sua chave de acesso esteja pronta.
page-state-done = Sua chave de acesso está pronta
    .lead = De agora em diante, você faz login em { $from } com sua impressão digital, seu rosto ou o bloqueio de tela.
page-state-expired = Este link expirou
    .lead = Os links funcionam apenas por um tempo limitado. Peça a { $from } que envie um novo.
page-state-revoked = Este link foi cancelado
    .lead = Ele não pode mais ser usado. Se você ainda precisa de uma chave de acesso, peça um novo link a { $from }. Talvez já haja um mais recente no seu e-mail.
page-state-suspended = Sua conta está suspensa
    .lead = Peça a { $from } que a ative. Seu link continuará funcionando.
page-state-failed-to-send = Este link não é válido
    .lead = Não foi possível entregar o e-mail com este link, por isso o link foi cancelado. Peça a { $from } que verifique seu endereço de e-mail e envie um novo.
page-state-used = Este link já foi usado
    .lead = Uma chave de acesso já foi criada com este link. Se foi você, está tudo pronto: faça login com ela.
    .note = Se não foi você, avise { $from } imediatamente.
page-state-wrong-link = Este link não está completo
    .lead = Parte do link está faltando ou está errada. Abra-o diretamente da mensagem ou copie-o por inteiro para a barra de endereço.
    .note = Se ainda assim não funcionar, peça um novo link.
page-state-cancelled = Nenhuma chave de acesso foi criada
    .lead = A operação foi cancelada ou demorou demais. Nada se perdeu: seu link continua válido.
page-state-exists = Você já tem uma chave de acesso aqui
    .lead = Você já tem uma chave de acesso para { $from } neste dispositivo e pode fazer login com ela.
    .note = Você também pode adicionar uma em um celular, uma chave de segurança ou outro dispositivo.
page-state-offline = Sem conexão
    .lead = Não foi possível acessar o servidor. Verifique sua conexão e tente novamente. Nada se perdeu.
page-state-busy = Tente novamente em instantes
    .lead = O servidor está ocupado no momento. Nada se perdeu: seu link continua válido.
page-state-refused = A chave de acesso não foi aceita
    .lead = Seu dispositivo criou uma chave de acesso, mas o servidor não pôde aceitá-la. Você pode tentar novamente, talvez com outro dispositivo ou navegador.
    .note = Se isso acontecer de novo, envie ao suporte as linhas abaixo.

## The hosted page: the same states with a cause of their own

page-other-opener = Abra novamente o link do seu e-mail
    .lead = Esta página não tem mais seu link. Ela guarda um link em apenas uma aba, até que ele seja usado.
page-other-nowhere = Não há nada aqui
    .lead = Se você seguiu o link de uma mensagem, parte dele está faltando ou foi alterada. Abra-o diretamente da mensagem ou copie-o por inteiro para a barra de endereço.
page-other-errand = Um momento, por favor
    .lead = Mantenha esta página aberta.
page-other-errandFailed = Algo deu errado
    .lead = Não funcionou. Tente novamente daqui a pouco.
page-other-trouble = Algo deu errado
    .lead = Não foi possível criar a chave de acesso. Você pode tentar novamente, talvez com outro dispositivo ou navegador. Seu link continua válido.
page-other-tooMany =
    .lead = Houve tentativas demais com este link. Espere um pouco e tente novamente. Seu link continua válido.
page-other-mailedNow =
    .lead = Um novo link acabou de ser enviado. Verifique seu e-mail antes de pedi-lo de novo.
page-other-noMoreMails = Não há mais envios
    .lead = O novo link não pode ser enviado de novo. Peça a { $from } que envie outro.
page-other-declinedBefore =
    .lead = Ele foi cancelado pelo link no e-mail e não pode mais ser usado. Se você precisar de uma chave de acesso mesmo assim, peça um novo link a { $from }.

## The hosted page: withdrawing a link, and removing a passkey. Loaded when somebody wants that.

page-errand-decline = Não esperava por isto?
    .lead = Alguém pediu a { $from } que convidasse você a criar uma chave de acesso. Se você não quiser uma, cancele o link: assim ninguém poderá usá-lo.
page-errand-declined = O link foi cancelado
    .lead = Ele não funciona mais, e { $from } pode ver que você não esperava por ele.
    .note = Você pode fechar esta página.
page-errand-disown = Você criou esta chave de acesso?
    .lead = Esta chave de acesso foi adicionada à sua conta em { $from }. Se não foi você, remova-a.
    .note = Se foi você, feche esta página: nada acontece.
page-errand-disowned = A chave de acesso foi removida
    .lead = Ela não é mais válida em { $from }.
    .note = Se você não a criou, avise { $from } para que sua conta seja verificada.
page-errand-removed = Esta chave de acesso já foi removida
    .lead = Ela não é mais válida em { $from }. Não há mais nada a fazer aqui.
    .note = Se você não a criou, avise { $from } para que sua conta seja verificada.
page-errand-over = É tarde demais para removê-la aqui
    .lead = Com este link era possível remover a chave de acesso até { $until }. Ela continua válida. Se você não a criou, peça a { $from } que a remova.
page-errand-removedByThem =
    .lead = { $from } a removeu em { $removed }. Não há mais nada a fazer aqui.
page-errand-removedByMail =
    .lead = Ela foi removida com este link em { $removed } e não é mais válida em { $from }.

## The hosted page: what helps when a passkey was refused

page-remedy-mechanism_not_allowed = { $from } não aceita chaves de acesso deste tipo. Pergunte a { $from } o que você pode usar.
page-remedy-user_not_verified = Seu dispositivo não verificou que é você. Configure nele um PIN, uma impressão digital ou o reconhecimento facial, ou use outro dispositivo. Depois, tente novamente.
page-remedy-resident_key_missing = Não foi possível salvar a chave de acesso na sua chave de segurança. Libere espaço nela excluindo chaves de acesso de que não precisa mais ou use outro dispositivo.
page-remedy-algorithm_not_allowed = { $from } não aceita o tipo de chave que este dispositivo cria. Use outro dispositivo ou outra chave de segurança.
page-remedy-backup_eligibility_not_allowed = A chave de acesso foi salva em um lugar que { $from } não aceita. Tente novamente e escolha outro: seu dispositivo ou uma chave de segurança em vez de um gerenciador de senhas, ou vice-versa.
page-remedy-model = { $from } não aceita chaves de acesso desta marca ou deste modelo. Use outro dispositivo, chave de segurança ou gerenciador de senhas; { $from } pode dizer quais.
page-remedy-attestation_downgraded = Seu navegador não identificou seu dispositivo. Tente novamente e dê permissão quando o navegador perguntar sobre marca e modelo. Antes, desative as extensões de gerenciadores de senhas.
page-remedy-authenticator_status_refused = Este modelo de dispositivo ou chave de segurança tem falhas conhecidas, por isso { $from } não o aceita. Use outro.
page-remedy-unproven = Seu dispositivo não conseguiu provar o que é. Tente com outro dispositivo ou uma chave de segurança.
page-remedy-credential_exists = Esta chave de acesso já está registrada. Tente fazer login com ela ou use outro dispositivo.
