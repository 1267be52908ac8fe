mail-hello = Hola, { $name }:
mail-copy = Si el botón no funciona, copia este enlace en tu navegador:
mail-until = Válido hasta: { $time }
mail-support = Contactar con la asistencia de { $realm }
mail-date = { $day } de { $month } de { $year }, { $clock } UTC
mail-month = { $month ->
    [1] enero
    [2] febrero
    [3] marzo
    [4] abril
    [5] mayo
    [6] junio
    [7] julio
    [8] agosto
    [9] septiembre
    [10] octubre
    [11] noviembre
   *[12] diciembre
}
mail-test = Prueba: { $subject }
    .note = Este es un correo de prueba. Sus enlaces no funcionan.

mail-invitation = Crea tu llave de acceso para { $realm }
    .renewed-subject = Tu enlace nuevo: crea tu llave de acceso para { $realm }
    .reminder-subject = Recordatorio: crea tu llave de acceso para { $realm }
    .preheader = { $realm } te invita. Basta con un toque: huella digital, cara o bloqueo de pantalla.
    .renewed = Se ha pedido un enlace nuevo porque el anterior había caducado. Está en este correo y sustituye al anterior.
    .reminder = Ya te enviamos este enlace y todavía no lo has usado.
    .days-left = { $days ->
        [one] Funciona { $days } día más.
       *[other] Funciona { $days } días más.
    }
    .intro = { $realm } te invita a crear una llave de acceso. A partir de entonces, inicias sesión con tu huella digital, tu cara o el bloqueo de pantalla. No tienes que recordar ninguna contraseña.
    .how = Basta con un toque. Abre el enlace en el dispositivo con el que quieras iniciar sesión.
    .button = Crear llave de acceso
    .once = El enlace funciona una sola vez y es solo para ti. No lo reenvíes.
    .unexpected = ¿No esperabas este correo?
    .safe = Sin ti no ocurre nada, y el enlace caduca por sí solo. La página del enlace nunca pide una contraseña.
    .decline = Para mayor seguridad, puedes { $start }anular el enlace{ $end }.
    .decline-text = Para mayor seguridad, puedes anular el enlace aquí:
    .question = ¿Ves algo raro o tienes alguna pregunta?

mail-notice = Se ha añadido una llave de acceso a tu cuenta de { $realm }
    .heading = Se ha añadido una llave de acceso a tu cuenta
    .preheader = Se ha añadido una llave de acceso a tu cuenta de { $realm }. Si has sido tú, no tienes que hacer nada.
    .intro = Se ha añadido una llave de acceso a tu cuenta de { $realm }:
    .model = Creada con: { $model }
    .unnamed = Sin especificar
    .time = Fecha: { $time }
    .expected = Si has sido tú, no tienes que hacer nada.
    .unexpected = ¿No has sido tú?
    .remove = Entonces, elimina ahora la llave de acceso. Quien la creó ya no podrá iniciar sesión con ella.
    .button = Eliminar la llave de acceso
    .life = { $hours ->
        [one] El enlace funciona durante { $hours } hora.
       *[other] El enlace funciona durante { $hours } horas.
    }
    .question = ¿Alguna pregunta?
