import type { Messages } from './messages.ts';

const ASK_ANEW = 'Pida un enlace nuevo a quien se lo envió.';

export const SPANISH: Messages = {
  languageName: 'Español',
  languageSwitch: 'Idioma',
  siteName: 'Prueba de vida',
  pageTitle: 'Confirme que es usted',
  opening: { heading: 'Abriendo su enlace…', text: 'Un momento.' },
  request: {
    heading: 'Confirme que es usted',
    asks: (organisation) => `${organisation} le pide que confirme:`,
    caution: '¿No lo esperaba, o dice algo distinto de lo que acordó? Entonces cierre esta página.',
    attempt: (attempt, attempts) => `Intento ${attempt} de ${attempts}.`,
  },
  timeLeft: {
    shown: (minutes, seconds) => `Este enlace vale ${minutes}:${String(seconds).padStart(2, '0')} min más.`,
    announced: (seconds) => `Este enlace vale ${seconds} segundos más.`,
  },
  happens: {
    heading: 'Qué va a pasar',
    items: (frames) => [
      'Su navegador le preguntará si esta página puede usar la cámara.',
      `Mirará a la cámara unos segundos. Se toman al menos ${frames} imágenes de su cara, sin sonido.`,
      'Se envían a este servicio, que comprueba que hay una persona viva y responde al momento.',
    ],
  },
  kept: {
    heading: 'Qué se guarda',
    items: (organisation, face) => [
      'Ninguna imagen: cada una se analiza y se descarta.',
      'Un registro de la comprobación en números, y su resultado.',
      'Un historial de lo que se hizo aquí: cuándo, desde qué dirección de red, con qué navegador.',
      {
        asked: 'Para reconocer su cara no se guarda nada, salvo que usted lo elija más abajo.',
        agreed: `Como usted eligió: cuando haya confirmado, números que describen su cara, cifrados, para ${organisation}.`,
        nothing: `Nada con lo que ${organisation} pueda reconocer su cara.`,
      }[face],
    ],
  },
  consent: {
    legend: 'Usted decide',
    label: 'Reconocerme la próxima vez',
    kept: (organisation) =>
      `Si marca esta casilla, se guardan, cifrados, números que describen su cara, para ${organisation}. Cuando vuelva a preguntarle, la nueva grabación se compara con ellos.`,
    erased: (organisation) => `Puede hacer que se borren cuando quiera: pídaselo a ${organisation}.`,
    free: 'Si no la marca, puede confirmar igualmente.',
    needed: (organisation) =>
      `${organisation} quiere reconocerle para esto, así que solo se puede seguir si la marca. Si prefiere no hacerlo, cierre esta página y pida otra forma de confirmar.`,
    missing: 'Para seguir, marque «Reconocerme la próxima vez». O cierre esta página y pida otra forma de confirmar.',
  },
  buttons: {
    start: 'Encender la cámara',
    stop: 'Parar',
    retry: 'Reintentar',
    tryAgain: 'Intentarlo de nuevo',
    waiting: (seconds) => `Reintentar en ${seconds} s`,
  },
  beginning: { heading: 'Preparando…', text: 'A continuación se enciende la cámara.' },
  capturing: {
    heading: 'Muestre su cara',
    checking: 'Comprobando…',
    allow: 'Si su navegador pide permiso para usar la cámara, concédalo.',
    look: 'Ponga el dispositivo delante de la cara y mire como siempre. Puede parpadear y moverse un poco.',
    sending: 'Se están comprobando las imágenes. Tarda unos segundos.',
    takesLong: 'Tarda más de lo normal: puede que la conexión sea lenta. Puede esperar o parar.',
  },
  settling: { heading: 'Leyendo el resultado…', text: 'Un momento.' },
  confirmed: {
    heading: 'Confirmado',
    text: (organisation) => `${organisation} ya sabe que fue usted quien confirmó:`,
    close: 'La cámara está apagada. Puede cerrar esta página.',
  },
  notConfirmed: {
    heading: 'Aún no está confirmado',
    notLive: 'La comprobación no pudo asegurar que hubiera una persona viva delante de la cámara.',
    notRecognised: 'La cara no coincide con la de sus confirmaciones anteriores.',
    adviceHeading: 'Qué ayuda',
    advice: [
      'Póngase frente a una luz uniforme, sin lámparas ni ventanas detrás.',
      'Quítese las gafas oscuras, la mascarilla o la gorra.',
      'Muestre su propia cara, no una foto ni una pantalla.',
    ],
    left: (attempts) => (attempts === 1 ? 'Le queda un intento.' : `Le quedan ${attempts} intentos.`),
  },
  ended: {
    usedConfirmed: (organisation) => ({
      heading: 'Ya está confirmado',
      text: 'Este enlace ya se usó y la confirmación salió bien. No queda nada por hacer.',
      steps: ['Puede cerrar esta página.', `Si no fue usted, avise a ${organisation}.`],
    }),
    failedNotLive: (organisation) => ({
      heading: 'No confirmado',
      text: 'Se agotaron los intentos de este enlace y ninguna comprobación pudo asegurar que hubiera una persona viva.',
      steps: [`Pida a ${organisation} un enlace nuevo u otra forma de confirmar.`],
    }),
    failedMismatch: (organisation) => ({
      heading: 'No confirmado',
      text: 'La cara no coincide con la de sus confirmaciones anteriores y se agotaron los intentos de este enlace.',
      steps: [`Pida a ${organisation} un enlace nuevo u otra forma de confirmar.`],
    }),
    expired: (organisation) => ({
      heading: 'Este enlace ha caducado',
      text: 'Por su seguridad, un enlace solo vale durante poco tiempo. No se ha confirmado nada.',
      steps: [`Pida a ${organisation} un enlace nuevo.`],
    }),
    cancelled: (organisation) => ({
      heading: 'Ya no hace falta',
      text: `${organisation} ha retirado su petición. No se ha confirmado nada.`,
      steps: ['Puede cerrar esta página.'],
    }),
  },
  faults: {
    link_incomplete: {
      heading: 'Este enlace no está completo',
      text: 'Falta una parte de su dirección. Probablemente se cortó al copiarlo.',
      steps: ['Vuelva a abrir el enlace desde el mensaje en el que lo recibió.', ASK_ANEW],
    },
    link_invalid: {
      heading: 'Este enlace no funciona',
      text: 'No abre ninguna confirmación. Puede que haya cambiado por el camino.',
      steps: ['Vuelva a abrir el enlace desde el mensaje en el que lo recibió.', ASK_ANEW],
    },
    link_expired: {
      heading: 'Este enlace ha caducado',
      text: 'Por su seguridad, un enlace solo vale durante poco tiempo.',
      steps: [ASK_ANEW],
    },
    insecure: {
      heading: 'Esta conexión no es segura',
      text: 'Los navegadores solo permiten la cámara en páginas seguras.',
      steps: ['Abra el enlace con una dirección que empiece por https://.', ASK_ANEW],
    },
    not_supported: {
      heading: 'Este navegador no puede hacerlo',
      text: 'Le falta algo que la comprobación necesita: la cámara, o lo que analiza su imagen.',
      steps: [
        'Si el enlace se abrió dentro de otra aplicación, ábralo en el navegador de su dispositivo.',
        'Use una versión actual de Chrome, Edge, Firefox o Safari.',
      ],
    },
    offline: {
      heading: 'Sin conexión',
      text: 'No se puede llegar al servicio. Lo que ha hecho hasta ahora no se pierde.',
      steps: ['Revise su conexión y vuelva a intentarlo.'],
    },
    server_error: {
      heading: 'Algo ha fallado',
      text: 'El fallo es nuestro, no suyo.',
      steps: ['Vuelva a intentarlo dentro de un momento.'],
    },
    rate_limited: {
      heading: 'Demasiadas peticiones',
      text: 'Se ha pedido mucho en poco tiempo.',
      steps: ['Espere un momento y vuelva a intentarlo.'],
    },
    unavailable: {
      heading: 'No disponible por ahora',
      text: 'Quien le envió el enlace no puede usar este servicio en este momento.',
      steps: ['Avísele, o inténtelo más tarde.'],
    },
    script_failed: {
      heading: 'La página no se cargó entera',
      text: 'Una parte no ha llegado.',
      steps: ['Revise su conexión y vuelva a cargar la página.'],
    },
    weights_failed: {
      heading: 'La página no se cargó entera',
      text: 'No ha llegado lo que encuentra su cara en la imagen.',
      steps: ['Revise su conexión y vuelva a intentarlo.'],
    },
    camera_denied: {
      heading: 'La cámara no está permitida',
      text: 'Sin ella no puede confirmar aquí. Puede permitirla y volver a intentarlo:',
      steps: [
        'Chrome, Edge: pulse el símbolo a la izquierda de la dirección y active «Cámara».',
        'Safari en iPhone o iPad: pulse el símbolo de la barra de direcciones y luego «Ajustes del sitio web», «Cámara», «Permitir».',
        'Safari en Mac: menú «Safari», «Ajustes para este sitio web», «Cámara», «Permitir».',
        'Firefox: pulse el símbolo de la cámara a la izquierda de la dirección y quite el bloqueo.',
        '¿Sigue bloqueada? En los ajustes de su dispositivo, permita que el navegador use la cámara.',
      ],
    },
    camera_missing: {
      heading: 'No se encuentra ninguna cámara',
      text: 'Este dispositivo no tiene, o está apagada.',
      steps: ['Conecte una cámara o abra su tapa y vuelva a intentarlo.', 'O abra el enlace en un teléfono.'],
    },
    camera_busy: {
      heading: 'La cámara está ocupada',
      text: 'Parece que otro programa u otra página la está usando.',
      steps: ['Termine las videollamadas y cierre otras páginas que usen la cámara.', 'Después, vuelva a intentarlo.'],
    },
    rejected: {
      heading: 'La grabación no se pudo usar',
      text: 'Se envió y no fue aceptada. No ha gastado ningún intento.',
      steps: ['Vuelva a intentarlo y mantenga la cara en el óvalo hasta que el anillo se complete.'],
    },
  },
  resumes: 'En cuanto vuelva la conexión, esto seguirá por sí solo.',
  advice: {
    'Keep the whole face in view, upright and towards the camera.':
      'Mantenga toda la cara a la vista, derecha y hacia la cámara.',
    'Send each frame of the camera once.': 'Cierre otros programas, para que la cámara pueda dar más imágenes.',
    'Face an even light, clean the lens, and leave room around the head.':
      'Póngase frente a una luz uniforme, limpie la lente y deje espacio alrededor de la cabeza.',
    'Move the head a little, blink, or say a word.': 'Mueva un poco la cabeza, parpadee o diga una palabra.',
    'Move slowly, and send frames in the order and at the pace of the camera.': 'Muévase despacio.',
    'Move back, so that there is room around the head.': 'Aléjese, para que haya espacio alrededor de la cabeza.',
    'Come closer to the camera.': 'Acérquese a la cámara.',
    'Make sure that nobody else is in view.': 'Asegúrese de que no se vea a nadie más.',
    'Add light in front of the face.': 'Ponga más luz delante de la cara.',
    'Avoid direct sun and lamps behind the head.': 'Evite el sol directo y las lámparas detrás de la cabeza.',
    'Turn towards the light, so that both sides of the face are lit.':
      'Gire hacia la luz, para que le ilumine los dos lados de la cara.',
    'Hold the camera still and clean the lens.': 'Sujete la cámara con firmeza y limpie la lente.',
  },
};
