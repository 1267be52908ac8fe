// Generated from shared/messages/es/sdk.ftl: npm --prefix shared/sdk run build

export default {
  "expired": "Este enlace ha caducado. Pide uno nuevo.",
  "revoked": "Este enlace se anuló. Si todavía necesitas una llave de acceso, pide un enlace nuevo.",
  "failed_to_send": "No se pudo entregar el correo con este enlace, así que el enlace se canceló. Pide uno nuevo.",
  "suspended": "Tu cuenta está suspendida. Cuando vuelva a estar activa, tu enlace seguirá funcionando.",
  "already_bound": "Ya se ha creado una llave de acceso con este enlace. Si has sido tú, inicia sesión con ella.",
  "already_registered": "Ya tienes una llave de acceso en este dispositivo. Inicia sesión con ella.",
  "cancelled": "No se ha creado ninguna llave de acceso: se ha cancelado o ha tardado demasiado. Tu enlace sigue siendo válido.",
  "timed_out": "Ha tardado demasiado. Vuelve a abrir el enlace que recibiste.",
  "aborted": "No se ha creado ninguna llave de acceso.",
  "not_supported": "Este navegador o dispositivo no puede crear esta llave de acceso. Abre el enlace en otro dispositivo o en otro navegador.",
  "not_trusted_origin": "Esta página no tiene permiso para crear tu llave de acceso. Ponte en contacto con asistencia.",
  "wrong_link": "Este enlace no está completo. Ábrelo directamente desde el mensaje o cópialo entero en la barra de direcciones.",
  "network": "No hemos podido conectar con el servidor. Comprueba tu conexión y vuelve a intentarlo.",
  "busy": "El servidor está ocupado en este momento. Vuelve a intentarlo en unos instantes.",
  "policy": "Tu dispositivo ha creado una llave de acceso, pero no se ha aceptado. Vuelve a intentarlo, quizá con otro dispositivo o navegador.",
  "failed": "Se ha producido un error y no se ha creado ninguna llave de acceso. Vuelve a intentarlo."
};
