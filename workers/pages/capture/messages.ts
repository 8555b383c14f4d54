import type { Language } from '../languages.ts';
import type { FailureCode } from './failures.ts';
import type { HintCode } from './hints.ts';

export type CaptureState = 'idle' | 'starting' | 'searching' | 'capturing' | 'sending' | 'done' | 'failed';

export interface CaptureMessages {
  /** The preview in words, for who does not see it. */
  preview: { mirrored: string; plain: string };
  progress: string;
  states: Record<CaptureState, string>;
  hints: Record<HintCode, string>;
  failures: Record<FailureCode, string>;
}

// Nobody is asked to freeze: a face that does not move at all is what a printed one looks like.
export const MESSAGES: Record<Language, CaptureMessages> = {
  en: {
    preview: {
      mirrored: 'Live picture of your camera, mirrored. An oval in the middle shows where your face should be.',
      plain: 'Live picture of your camera. An oval in the middle shows where your face should be.',
    },
    progress: 'Recording',
    states: {
      idle: '',
      starting: 'Getting the camera ready…',
      searching: 'Place your face in the oval.',
      capturing: 'Look at the camera.',
      sending: 'Checking…',
      done: 'Done.',
      failed: '',
    },
    hints: {
      no_face: 'No face in view. Look straight at the camera.',
      several_faces: 'Only one person may be in view.',
      too_far: 'Come closer.',
      too_near: 'Move back a little.',
      off_centre: 'Move your face to the middle of the oval.',
      too_dark: 'Too dark. Turn towards the light.',
      too_bright: 'Too bright. Turn away from the strong light.',
      too_blurred: 'The picture is blurred. Wipe the lens, or hold the device more steadily.',
      hold_still: 'Move more slowly.',
    },
    failures: {
      camera_denied: 'The camera may not be used. Allow it in the settings of the browser, then try again.',
      camera_missing: 'No camera was found. Connect one, or use another device.',
      camera_busy: 'The camera does not answer. Another program may be using it.',
      not_supported: 'This browser cannot do the check. Use a current browser.',
      weights_failed: 'What finds your face could not be loaded. Check the connection and try again.',
      network: 'The connection was lost. Try again: nothing has to be recorded anew.',
      server_error: 'The service does not answer as it should. Try again: nothing has to be recorded anew.',
      rate_limited:
        'Too much was asked in a short time. Wait a moment, then try again: nothing has to be recorded anew.',
      unavailable: 'Whoever asks for this check cannot use the service right now. Try again later.',
      session_closed: 'This check is over. Ask for a new link.',
      session_conflict: 'Another recording was sent for this attempt.',
      consent_required: 'This check compares you with earlier times, and you have not agreed to that.',
      token_expired: 'This link has expired. Ask for a new one.',
      unauthorised: 'This link is not valid for this check. Ask for a new one.',
      rejected: 'The recording was not accepted.',
    },
  },
  es: {
    preview: {
      mirrored:
        'Imagen en directo de la cámara, como en un espejo. Un óvalo en el centro indica dónde debe estar la cara.',
      plain: 'Imagen en directo de la cámara. Un óvalo en el centro indica dónde debe estar la cara.',
    },
    progress: 'Grabando',
    states: {
      idle: '',
      starting: 'Preparando la cámara…',
      searching: 'Coloque la cara dentro del óvalo.',
      capturing: 'Mire a la cámara.',
      sending: 'Comprobando…',
      done: 'Listo.',
      failed: '',
    },
    hints: {
      no_face: 'No se ve ninguna cara. Mire de frente a la cámara.',
      several_faces: 'Solo puede verse una persona.',
      too_far: 'Acérquese.',
      too_near: 'Aléjese un poco.',
      off_centre: 'Lleve la cara al centro del óvalo.',
      too_dark: 'Está muy oscuro. Gire hacia la luz.',
      too_bright: 'Hay demasiada luz. Apártese de la luz fuerte.',
      too_blurred: 'La imagen está borrosa. Limpie la lente o sujete mejor el dispositivo.',
      hold_still: 'Muévase más despacio.',
    },
    failures: {
      camera_denied: 'No se puede usar la cámara. Permítala en los ajustes del navegador y vuelva a intentarlo.',
      camera_missing: 'No se encontró ninguna cámara. Conecte una o use otro dispositivo.',
      camera_busy: 'La cámara no responde. Puede que otro programa la esté usando.',
      not_supported: 'Este navegador no puede hacer la comprobación. Use un navegador actual.',
      weights_failed: 'No se pudo cargar lo que encuentra la cara. Revise la conexión y vuelva a intentarlo.',
      network: 'Se perdió la conexión. Vuelva a intentarlo: no hace falta grabar de nuevo.',
      server_error: 'El servicio no responde como debería. Vuelva a intentarlo: no hace falta grabar de nuevo.',
      rate_limited:
        'Se ha pedido mucho en poco tiempo. Espere un momento y vuelva a intentarlo: no hace falta grabar de nuevo.',
      unavailable: 'Quien pide esta comprobación no puede usar el servicio ahora. Vuelva a intentarlo más tarde.',
      session_closed: 'Esta comprobación ha terminado. Pida un enlace nuevo.',
      session_conflict: 'Ya se envió otra grabación para este intento.',
      consent_required: 'Esta comprobación le compara con otras veces, y usted no lo ha aceptado.',
      token_expired: 'Este enlace ha caducado. Pida uno nuevo.',
      unauthorised: 'Este enlace no vale para esta comprobación. Pida uno nuevo.',
      rejected: 'La grabación no fue aceptada.',
    },
  },
};
