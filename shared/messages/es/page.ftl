## The hosted page: what the server fills in

page-fixed-title = Crea tu llave de acceso
page-fixed-scripts = JavaScript está desactivado
page-fixed-scripts_lead = Esta página necesita JavaScript para crear una llave de acceso. Permítelo aquí o abre el enlace que recibiste en otro navegador.
page-fixed-late = Si aquí no ocurre nada, es probable que este navegador sea demasiado antiguo. Abre el enlace que recibiste en uno actual.

## The hosted page: buttons and short texts

page-text-from = De
page-text-for = Para
page-text-passkey = Llave de acceso
page-text-created = Fecha de creación
page-text-until = Válido hasta
page-text-elsewhere = Continuar en otro dispositivo o en otro navegador
page-text-someone = el remitente de tu enlace
page-text-create = Crear llave de acceso
page-text-here = Crearla aquí de todos modos
page-text-decline = Anular el enlace
page-text-disown = Eliminar la llave de acceso
page-text-renew = Enviarme un enlace nuevo
page-text-again = Enviarlo otra vez
page-text-retry = Volver a intentarlo
page-text-otherDevice = Usar otro dispositivo
page-text-proceed = Continuar
page-text-support = Contactar con asistencia
page-text-copy = Copiar enlace
page-text-copied = El enlace se ha copiado. Pégalo en la barra de direcciones del otro navegador.
page-text-byHand = Copia este enlace y pégalo en la barra de direcciones del otro navegador.
page-text-share = Compartir enlace
page-text-qr = Mostrar código QR
page-text-scan = Escanea este código con la cámara del otro dispositivo. Contiene tu enlace, así que no se lo enseñes a nadie más.
page-text-noQr = No se ha podido cargar el código QR. Copia el enlace en su lugar.
page-text-preparing = Preparando todo…
page-text-device = Sigue las instrucciones de tu dispositivo.
page-text-saving = Guardando tu llave de acceso…
page-text-leaving = Te llevamos a { $host }…
page-text-stay = Puedes cerrar esta página.
page-text-wait = Vuelve a intentarlo dentro de { $time }.
page-text-reason = Motivo:
page-text-request = Solicitud:
page-text-unnamed = Fabricante desconocido

## The hosted page: its states (heading; lead and note are below it)

page-state-checking = Comprobando tu enlace
    .lead = Un momento, por favor.
page-state-ready = Crea tu llave de acceso
    .lead = { $from } te invita a crear una llave de acceso. Tu dispositivo te pedirá la huella digital, la cara o el bloqueo de pantalla. No tienes que recordar nada.
    .note = ¿No lo esperabas? Puedes cerrar esta página: no ocurrirá nada y el enlace caducará por sí solo.
page-state-in-app = Abre este enlace en tu navegador
    .lead = Estás en el navegador integrado de otra aplicación, donde a menudo no se pueden crear llaves de acceso. Copia el enlace y ábrelo en tu navegador habitual.
    .note = Tu enlace sigue siendo válido.
page-state-unsupported = Continúa en otro navegador
    .lead = Este navegador o dispositivo no puede crear esta llave de acceso. Abre el enlace en tu teléfono o en otro navegador.
    .note = Tu enlace sigue siendo válido.
page-state-renewable = Este enlace ha caducado
    .lead = Los enlaces solo funcionan durante un tiempo limitado. Se puede enviar uno nuevo a la dirección tuya que tiene { $from }.
page-state-renewing = Ya tienes un enlace más reciente
    .lead = Este enlace ha caducado. Se envió uno nuevo a la dirección tuya que tiene { $from }, el { $mailed }. Abre ese.
    .note = ¿No lo encuentras? Mira en la carpeta de spam o pide que te lo envíen otra vez.
page-state-renewed = Un enlace nuevo está en camino
    .lead = Revisa tu correo y abre el enlace nuevo en el dispositivo con el que quieras iniciar sesión.
    .note = Puedes cerrar esta página.
page-state-working = Creando tu llave de acceso
    .lead = Mantén esta página abierta hasta que tu llave de acceso esté lista.
page-state-done = Tu llave de acceso está lista
    .lead = A partir de ahora, inicias sesión en { $from } con tu huella digital, tu cara o el bloqueo de pantalla.
page-state-expired = Este enlace ha caducado
    .lead = Los enlaces solo funcionan durante un tiempo limitado. Pide a { $from } que te envíe uno nuevo.
page-state-revoked = Este enlace se anuló
    .lead = Ya no se puede usar. Si todavía necesitas una llave de acceso, pide un enlace nuevo a { $from }. Puede que ya tengas uno más reciente en tu correo.
page-state-suspended = Tu cuenta está suspendida
    .lead = Pide a { $from } que la active. Tu enlace seguirá funcionando entonces.
page-state-failed-to-send = Este enlace no es válido
    .lead = No se pudo entregar el correo con este enlace, así que el enlace se canceló. Pide a { $from } que compruebe tu dirección de correo y te envíe uno nuevo.
page-state-used = Este enlace ya se ha usado
    .lead = Ya se ha creado una llave de acceso con este enlace. Si has sido tú, ya está todo listo: inicia sesión con ella.
    .note = Si no has sido tú, avisa a { $from } cuanto antes.
page-state-wrong-link = Este enlace no está completo
    .lead = Falta una parte del enlace o es incorrecta. Ábrelo directamente desde el mensaje o cópialo entero en la barra de direcciones.
    .note = Si sigue sin funcionar, pide un enlace nuevo.
page-state-cancelled = No se ha creado ninguna llave de acceso
    .lead = Se ha cancelado o ha tardado demasiado. No se ha perdido nada: tu enlace sigue siendo válido.
page-state-exists = Ya tienes una llave de acceso aquí
    .lead = Ya tienes una llave de acceso para { $from } en este dispositivo y puedes iniciar sesión con ella.
    .note = También puedes añadir una en un teléfono, una llave de seguridad u otro dispositivo.
page-state-offline = Sin conexión
    .lead = No hemos podido conectar con el servidor. Comprueba tu conexión y vuelve a intentarlo. No se ha perdido nada.
page-state-busy = Vuelve a intentarlo en unos instantes
    .lead = El servidor está ocupado en este momento. No se ha perdido nada: tu enlace sigue siendo válido.
page-state-refused = No se ha aceptado la llave de acceso
    .lead = Tu dispositivo ha creado una llave de acceso, pero el servidor no ha podido aceptarla. Puedes volver a intentarlo, quizá con otro dispositivo o navegador.
    .note = Si vuelve a ocurrir, envía a asistencia las líneas siguientes.

## The hosted page: the same states with a cause of their own

page-other-opener = Vuelve a abrir el enlace de tu correo
    .lead = Esta página ya no tiene tu enlace. Solo conserva un enlace en una pestaña y hasta que se usa.
page-other-nowhere = Aquí no hay nada
    .lead = Si has seguido el enlace de un mensaje, falta una parte o se ha modificado. Ábrelo directamente desde el mensaje o cópialo entero en la barra de direcciones.
page-other-errand = Un momento, por favor
    .lead = Mantén esta página abierta.
page-other-errandFailed = Se ha producido un error
    .lead = No ha funcionado. Vuelve a intentarlo dentro de un momento.
page-other-trouble = Se ha producido un error
    .lead = No se ha podido crear la llave de acceso. Puedes volver a intentarlo, quizá con otro dispositivo o navegador. Tu enlace sigue siendo válido.
page-other-tooMany =
    .lead = Ha habido demasiados intentos con este enlace. Espera un poco y vuelve a intentarlo. Tu enlace sigue siendo válido.
page-other-mailedNow =
    .lead = Se acaba de enviar un enlace nuevo. Revisa tu correo antes de volver a pedirlo.
page-other-noMoreMails = No se enviarán más correos
    .lead = El enlace nuevo no se puede enviar otra vez. Pide a { $from } que te envíe otro.
page-other-declinedBefore =
    .lead = Se anuló con el enlace del correo y ya no se puede usar. Si al final necesitas una llave de acceso, pide un enlace nuevo a { $from }.

## The hosted page: withdrawing a link, and removing a passkey. Loaded when somebody wants that.

page-errand-decline = ¿No lo esperabas?
    .lead = Alguien ha pedido a { $from } que te invite a crear una llave de acceso. Si no quieres ninguna, anula el enlace: nadie podrá usarlo.
page-errand-declined = El enlace se ha anulado
    .lead = Ya no funciona, y { $from } puede ver que no lo esperabas.
    .note = Puedes cerrar esta página.
page-errand-disown = ¿Has creado tú esta llave de acceso?
    .lead = Esta llave de acceso se ha añadido a tu cuenta de { $from }. Si no has sido tú, elimínala.
    .note = Si has sido tú, cierra esta página: no ocurrirá nada.
page-errand-disowned = La llave de acceso se ha eliminado
    .lead = Ya no es válida en { $from }.
    .note = Si no la creaste tú, avisa a { $from } para que compruebe tu cuenta.
page-errand-removed = Esta llave de acceso ya se ha eliminado
    .lead = Ya no es válida en { $from }. Aquí no queda nada por hacer.
    .note = Si no la creaste tú, avisa a { $from } para que compruebe tu cuenta.
page-errand-over = Ya es tarde para eliminarla aquí
    .lead = Con este enlace se podía eliminar la llave de acceso hasta el { $until }. La llave de acceso sigue siendo válida. Si no la creaste tú, pide a { $from } que la elimine.
page-errand-removedByThem =
    .lead = { $from } la eliminó el { $removed }. Aquí no queda nada por hacer.
page-errand-removedByMail =
    .lead = Se eliminó con este enlace el { $removed } y ya no es válida en { $from }.

## The hosted page: what helps when a passkey was refused

page-remedy-mechanism_not_allowed = { $from } no acepta llaves de acceso de este tipo. Pregunta a { $from } qué puedes usar.
page-remedy-user_not_verified = Tu dispositivo no ha comprobado que eres tú. Configura en él un PIN, una huella digital o el reconocimiento facial, o usa otro dispositivo. Después, vuelve a intentarlo.
page-remedy-resident_key_missing = No se ha podido guardar la llave de acceso en tu llave de seguridad. Libera espacio eliminando llaves de acceso que ya no necesites o usa otro dispositivo.
page-remedy-algorithm_not_allowed = { $from } no acepta el tipo de clave que crea este dispositivo. Usa otro dispositivo u otra llave de seguridad.
page-remedy-backup_eligibility_not_allowed = La llave de acceso se ha guardado en un lugar que { $from } no acepta. Vuelve a intentarlo y elige otro: tu dispositivo o una llave de seguridad en lugar de un gestor de contraseñas, o al revés.
page-remedy-model = { $from } no acepta llaves de acceso de esta marca o modelo. Usa otro dispositivo, llave de seguridad o gestor de contraseñas; { $from } puede decirte cuáles.
page-remedy-attestation_downgraded = Tu navegador no ha identificado tu dispositivo. Vuelve a intentarlo y da tu permiso cuando el navegador pregunte por la marca y el modelo. Desactiva antes las extensiones de gestores de contraseñas.
page-remedy-authenticator_status_refused = Este modelo de dispositivo o llave de seguridad tiene vulnerabilidades conocidas, por lo que { $from } no lo acepta. Usa otro.
page-remedy-unproven = Tu dispositivo no ha podido demostrar qué es. Prueba con otro dispositivo o con una llave de seguridad.
page-remedy-credential_exists = Esta llave de acceso ya está registrada. Intenta iniciar sesión con ella o usa otro dispositivo.
