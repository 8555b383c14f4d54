import { type FaceKept, type Messages, type Notice, sayAdvice } from './messages.ts';
import type { PageSession } from './page-session.ts';
import type { PageState } from './page-state.ts';
import { type Block, button, list, orderedList, type Screen, text } from './screen.ts';
import { asksConsent } from './step-page.ts';

type Of<Name extends PageState['name']> = Extract<PageState, { name: Name }>;

const PLAIN = { tone: 'calm', blocks: [], buttons: [], showsCapture: false } as const;

/** The screen of each state. */
export function screenOf(state: PageState, messages: Messages): Screen {
  switch (state.name) {
    case 'opening':
    case 'settling':
    case 'beginning': {
      const { heading, text: words } = messages[state.name];
      return { ...PLAIN, name: state.name, tone: 'busy', heading, blocks: [text(words)], buttons: [] };
    }
    case 'ready':
      return readyScreen(state, messages);
    case 'capturing':
      return capturingScreen(state, messages);
    case 'not_confirmed':
      return notConfirmedScreen(state, messages);
    case 'ended':
      return endedScreen(state, messages);
    case 'fault':
      return faultScreen(state, messages);
  }
}

function readyScreen({ session }: Of<'ready'>, messages: Messages): Screen {
  const { request, happens, kept, buttons } = messages;
  const organisation = session.organisation.name;
  const blocks: Block[] = [
    text(request.asks(organisation), 'lead'),
    { kind: 'quote', text: session.action_description },
    text(request.caution, 'quiet'),
    ...attemptBlocks(session, messages),
    { kind: 'time_left' },
    orderedList(happens.items(session.frame_count), happens.heading),
    list(kept.items(organisation, faceKept(session)), kept.heading),
    ...(asksConsent(session) ? [consentBlock(session, messages)] : []),
  ];
  return {
    ...PLAIN,
    name: 'ready',
    heading: request.heading,
    blocks,
    buttons: [button(buttons.start, { kind: 'start' })],
  };
}

function faceKept(session: PageSession): FaceKept {
  if (asksConsent(session)) return 'asked';
  return session.asks_consent && session.consent === 'given' ? 'agreed' : 'nothing';
}

function attemptBlocks({ attempts, max_attempts }: PageSession, { request }: Messages): Block[] {
  return attempts === 0 ? [] : [text(request.attempt(attempts + 1, max_attempts))];
}

function consentBlock(session: PageSession, { consent }: Messages): Block {
  const organisation = session.organisation.name;
  return {
    kind: 'consent',
    legend: consent.legend,
    label: consent.label,
    notes: [
      consent.kept(organisation),
      consent.erased(organisation),
      session.require_user_match ? consent.needed(organisation) : consent.free,
    ],
    missing: consent.missing,
  };
}

function capturingScreen({ phase, takesLong }: Of<'capturing'>, { capturing, buttons }: Messages): Screen {
  const isSending = phase === 'sending';
  const sending = takesLong ? capturing.takesLong : capturing.sending;
  const words = isSending ? sending : phase === 'starting' ? capturing.allow : capturing.look;
  return {
    ...PLAIN,
    name: 'capturing',
    heading: isSending ? capturing.checking : capturing.heading,
    blocks: [text(words)],
    buttons: isSending && !takesLong ? [] : [button(buttons.stop, { kind: 'stop_pressed' })],
    showsCapture: true,
  };
}

function notConfirmedScreen({ session, cause, advice }: Of<'not_confirmed'>, messages: Messages): Screen {
  const { notConfirmed, buttons } = messages;
  return {
    ...PLAIN,
    name: 'not_confirmed',
    tone: 'sorry',
    heading: notConfirmed.heading,
    blocks: [
      text(cause === 'not_live' ? notConfirmed.notLive : notConfirmed.notRecognised),
      adviceBlock(advice, messages),
      text(notConfirmed.left(session.max_attempts - session.attempts)),
      { kind: 'time_left' },
    ],
    buttons: [button(buttons.tryAgain, { kind: 'start' })],
  };
}

function adviceBlock(advice: readonly string[], messages: Messages): Block {
  const { adviceHeading, advice: general } = messages.notConfirmed;
  return list(advice.length === 0 ? general : sayAdvice(messages, advice), adviceHeading);
}

function endedScreen({ session, isOurs, advice }: Of<'ended'>, messages: Messages): Screen {
  const organisation = session.organisation.name;
  const { ended, confirmed } = messages;
  switch (session.state) {
    case 'completed': {
      if (!isOurs) return noticeScreen('ended', ended.usedConfirmed(organisation), 'good');
      const blocks: Block[] = [
        text(confirmed.text(organisation)),
        { kind: 'quote', text: session.action_description },
        text(confirmed.close),
      ];
      return { ...PLAIN, name: 'ended', tone: 'good', heading: confirmed.heading, blocks, buttons: [] };
    }
    case 'failed': {
      const isMismatch = session.failure_reason === 'user_mismatch';
      const notice = isMismatch ? ended.failedMismatch : ended.failedNotLive;
      const screen = noticeScreen('ended', notice(organisation), 'sorry');
      const helps = isOurs && !isMismatch ? [adviceBlock(advice, messages)] : [];
      return { ...screen, blocks: [...screen.blocks, ...helps] };
    }
    case 'cancelled':
      return noticeScreen('ended', ended.cancelled(organisation), 'calm');
    default:
      return noticeScreen('ended', ended.expired(organisation), 'sorry');
  }
}

function faultScreen({ fault, retry, retryAfterSeconds, resumes }: Of<'fault'>, messages: Messages): Screen {
  const screen = noticeScreen(`fault ${fault}`, messages.faults[fault], 'sorry');
  const { retry: label } = messages.buttons;
  const buttons = retry === null ? [] : [button(label, { kind: 'retry_pressed' }, retryAfterSeconds ?? 0)];
  return { ...screen, blocks: [...screen.blocks, ...(resumes ? [text(messages.resumes)] : [])], buttons };
}

function noticeScreen(name: string, { heading, text: words, steps }: Notice, tone: Screen['tone']): Screen {
  return { ...PLAIN, name, tone, heading, blocks: [text(words), list(steps)], buttons: [] };
}
