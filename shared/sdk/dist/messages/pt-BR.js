// Generated from shared/messages/pt-BR/sdk.ftl: npm --prefix shared/sdk run build

export default {
  "expired": "Este link expirou. Peça um novo.",
  "revoked": "Este link foi cancelado. Se você ainda precisa de uma chave de acesso, peça um novo link.",
  "failed_to_send": "Não foi possível entregar o e-mail com este link, por isso o link foi cancelado. Peça um novo.",
  "suspended": "Sua conta está suspensa. Quando ela estiver ativa novamente, seu link continuará funcionando.",
  "already_bound": "Uma chave de acesso já foi criada com este link. Se foi você, faça login com ela.",
  "already_registered": "Você já tem uma chave de acesso neste dispositivo. Faça login com ela.",
  "cancelled": "Nenhuma chave de acesso foi criada: a operação foi cancelada ou demorou demais. Seu link continua válido.",
  "timed_out": "Demorou demais. Abra novamente o link que você recebeu.",
  "aborted": "Nenhuma chave de acesso foi criada.",
  "not_supported": "Este navegador ou dispositivo não consegue criar esta chave de acesso. Abra o link em outro dispositivo ou em outro navegador.",
  "not_trusted_origin": "Esta página não tem permissão para criar sua chave de acesso. Fale com o suporte.",
  "wrong_link": "Este link não está completo. Abra-o diretamente da mensagem ou copie-o por inteiro para a barra de endereço.",
  "network": "Não foi possível acessar o servidor. Verifique sua conexão e tente novamente.",
  "busy": "O servidor está ocupado no momento. Tente novamente em instantes.",
  "policy": "Seu dispositivo criou uma chave de acesso, mas ela não foi aceita. Tente novamente, talvez com outro dispositivo ou navegador.",
  "failed": "Algo deu errado, e nenhuma chave de acesso foi criada. Tente novamente."
};
