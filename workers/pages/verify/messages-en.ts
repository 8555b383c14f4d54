import type { Messages } from './messages.ts';

const ASK_ANEW = 'Ask whoever sent you the link for a new one.';

export const ENGLISH: Messages = {
  languageName: 'English',
  languageSwitch: 'Language',
  siteName: 'Liveness check',
  pageTitle: 'Confirm that it is you',
  opening: { heading: 'Opening your link…', text: 'One moment.' },
  request: {
    heading: 'Confirm that it is you',
    asks: (organisation) => `${organisation} asks you to confirm:`,
    caution: 'You did not expect this, or it says something else than you agreed to? Then close this page.',
    attempt: (attempt, attempts) => `Attempt ${attempt} of ${attempts}.`,
  },
  timeLeft: {
    shown: (minutes, seconds) => `This link is good for another ${minutes}:${String(seconds).padStart(2, '0')} min.`,
    announced: (seconds) => `This link is good for another ${seconds} seconds.`,
  },
  happens: {
    heading: 'What happens',
    items: (frames) => [
      'Your browser asks whether this page may use the camera.',
      `You look at the camera for a few seconds. At least ${frames} pictures of your face are taken, without sound.`,
      'They are sent to this service, which checks that a living person is there, and answers at once.',
    ],
  },
  kept: {
    heading: 'What is kept',
    items: (organisation, face) => [
      'No picture: each is analysed and dropped.',
      'A record of the check in numbers, and its result.',
      'A log of what was done here: when, from which network address, with which browser.',
      {
        asked: 'What is kept to recognise your face: nothing, unless you choose it below.',
        agreed: `As you chose: once you have confirmed, numbers that describe your face, encrypted, for ${organisation}.`,
        nothing: `Nothing by which ${organisation} could recognise your face.`,
      }[face],
    ],
  },
  consent: {
    legend: 'Your choice',
    label: 'Recognise me next time',
    kept: (organisation) =>
      `If you tick this, numbers that describe your face are kept, encrypted, for ${organisation}. When it asks you again, the new recording is compared with them.`,
    erased: (organisation) => `You can have them erased at any time: ask ${organisation}.`,
    free: 'If you do not tick it, you can confirm just the same.',
    needed: (organisation) =>
      `${organisation} wants to recognise you for this, so it goes on only if you tick it. If you would rather not, close this page and ask for another way.`,
    missing: 'To go on, tick “Recognise me next time”. Or close this page and ask for another way.',
  },
  buttons: {
    start: 'Start the camera',
    stop: 'Stop',
    retry: 'Try again',
    tryAgain: 'Try again',
    waiting: (seconds) => `Try again in ${seconds} s`,
  },
  beginning: { heading: 'Getting ready…', text: 'The camera is started next.' },
  capturing: {
    heading: 'Show your face',
    checking: 'Checking…',
    allow: 'If your browser asks for the camera, allow it.',
    look: 'Hold the device in front of your face and look as you always do. You may blink and move a little.',
    sending: 'The pictures are being checked. This takes a few seconds.',
    takesLong: 'This takes longer than usual: the connection may be slow. You can wait, or stop.',
  },
  settling: { heading: 'Reading the result…', text: 'One moment.' },
  confirmed: {
    heading: 'Confirmed',
    text: (organisation) => `${organisation} has been told that it was you who confirmed:`,
    close: 'The camera is off. You can close this page.',
  },
  notConfirmed: {
    heading: 'Not confirmed yet',
    notLive: 'The check could not tell for sure that a living person was in front of the camera.',
    notRecognised: 'The face did not match the one of your earlier confirmations.',
    adviceHeading: 'What helps',
    advice: [
      'Face an even light, with no lamp or window behind you.',
      'Take off dark glasses, a mask or a cap.',
      'Show your face itself, not a picture or a screen.',
    ],
    left: (attempts) => (attempts === 1 ? 'You have one attempt left.' : `You have ${attempts} attempts left.`),
  },
  ended: {
    usedConfirmed: (organisation) => ({
      heading: 'Already confirmed',
      text: 'This link was used, and the confirmation went well. There is nothing left to do.',
      steps: ['You can close this page.', `If it was not you, tell ${organisation}.`],
    }),
    failedNotLive: (organisation) => ({
      heading: 'Not confirmed',
      text: 'All attempts of this link are used up, and no check could tell for sure that a living person was there.',
      steps: [`Ask ${organisation} for a new link, or for another way to confirm.`],
    }),
    failedMismatch: (organisation) => ({
      heading: 'Not confirmed',
      text: 'The face did not match the one of your earlier confirmations, and all attempts of this link are used up.',
      steps: [`Ask ${organisation} for a new link, or for another way to confirm.`],
    }),
    expired: (organisation) => ({
      heading: 'This link has expired',
      text: 'For your safety, a link is good for a short time only. Nothing was confirmed.',
      steps: [`Ask ${organisation} for a new link.`],
    }),
    cancelled: (organisation) => ({
      heading: 'No longer needed',
      text: `${organisation} has withdrawn its question. Nothing was confirmed.`,
      steps: ['You can close this page.'],
    }),
  },
  faults: {
    link_incomplete: {
      heading: 'This link is not complete',
      text: 'A part of its address is missing. It was probably cut off when it was copied.',
      steps: ['Open the link again from the message in which you got it.', ASK_ANEW],
    },
    link_invalid: {
      heading: 'This link does not work',
      text: 'It opens no confirmation. It may have been changed on its way.',
      steps: ['Open the link again from the message in which you got it.', ASK_ANEW],
    },
    link_expired: {
      heading: 'This link has expired',
      text: 'For your safety, a link is good for a short time only.',
      steps: [ASK_ANEW],
    },
    insecure: {
      heading: 'This connection is not secure',
      text: 'Browsers allow the camera on secure pages only.',
      steps: ['Open the link with an address that begins with https://.', ASK_ANEW],
    },
    not_supported: {
      heading: 'This browser cannot do it',
      text: 'It lacks something that the check needs: the camera, or what analyses its picture.',
      steps: [
        'If the link opened inside another app, open it in the browser of your device.',
        'Use a current version of Chrome, Edge, Firefox or Safari.',
      ],
    },
    offline: {
      heading: 'No connection',
      text: 'The service cannot be reached. What you have done so far is not lost.',
      steps: ['Check your connection, then try again.'],
    },
    server_error: {
      heading: 'Something went wrong',
      text: 'The fault is on our side, not yours.',
      steps: ['Try again in a moment.'],
    },
    rate_limited: {
      heading: 'Too many requests',
      text: 'A lot was asked in a short time.',
      steps: ['Wait a moment, then try again.'],
    },
    unavailable: {
      heading: 'Not available at the moment',
      text: 'Whoever sent you the link cannot use this service right now.',
      steps: ['Let them know, or try again later.'],
    },
    script_failed: {
      heading: 'The page did not load completely',
      text: 'A part of it did not arrive.',
      steps: ['Check your connection, then load the page again.'],
    },
    weights_failed: {
      heading: 'The page did not load completely',
      text: 'What finds your face in the picture did not arrive.',
      steps: ['Check your connection, then try again.'],
    },
    camera_denied: {
      heading: 'The camera is not allowed',
      text: 'Without it, you cannot confirm here. You can allow it, then try again:',
      steps: [
        'Chrome, Edge: press the symbol left of the address, then switch on “Camera”.',
        'Safari on iPhone or iPad: press the symbol in the address bar, then “Website Settings”, “Camera”, “Allow”.',
        'Safari on a Mac: menu “Safari”, “Settings for This Website”, “Camera”, “Allow”.',
        'Firefox: press the camera symbol left of the address and remove the block.',
        'Still blocked? In the settings of your device, allow the browser to use the camera.',
      ],
    },
    camera_missing: {
      heading: 'No camera found',
      text: 'This device has none, or it is switched off.',
      steps: ['Connect a camera or open its cover, then try again.', 'Or open the link on a phone.'],
    },
    camera_busy: {
      heading: 'The camera is in use',
      text: 'Another program or page seems to be using it.',
      steps: ['End video calls and other pages that use the camera.', 'Then try again.'],
    },
    rejected: {
      heading: 'The recording could not be used',
      text: 'It was sent, and not accepted. This used up no attempt.',
      steps: ['Try again, and keep your face in the oval until the ring is full.'],
    },
  },
  resumes: 'As soon as the connection is back, this goes on by itself.',
  advice: {
    'Keep the whole face in view, upright and towards the camera.':
      'Keep your whole face in view, upright and towards the camera.',
    'Send each frame of the camera once.': 'Close other programs, so that the camera can deliver more pictures.',
    'Face an even light, clean the lens, and leave room around the head.':
      'Face an even light, clean the lens, and leave room around your head.',
    'Move the head a little, blink, or say a word.': 'Move your head a little, blink, or say a word.',
    'Move slowly, and send frames in the order and at the pace of the camera.': 'Move slowly.',
    'Move back, so that there is room around the head.': 'Move back, so that there is room around your head.',
    'Come closer to the camera.': 'Come closer to the camera.',
    'Make sure that nobody else is in view.': 'Make sure that nobody else is in view.',
    'Add light in front of the face.': 'Add light in front of your face.',
    'Avoid direct sun and lamps behind the head.': 'Avoid direct sun, and lamps behind your head.',
    'Turn towards the light, so that both sides of the face are lit.':
      'Turn towards the light, so that both sides of your face are lit.',
    'Hold the camera still and clean the lens.': 'Hold the camera still, and clean the lens.',
  },
};
