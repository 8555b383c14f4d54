import type { Language } from '../../languages.ts';
import type { Effect, PageEvent, PageRecord } from '../page-state.ts';
import type { ApiAnswer, SessionApi } from '../session-api.ts';
import type { CaptureHost } from './capture-host.ts';

export interface EffectPorts {
  api: SessionApi;
  capture: CaptureHost;
  language(): Language;
  dispatch(event: PageEvent): void;
  /** What the server's clock says, where an answer tells it. */
  setServerTime(serverNowMs: number): void;
  /** Leads the person to the choice that they left out. */
  askConsent(): void;
  reload(): void;
}

/** Carries out what a step asks for. Records reach the server one after the other, for the trail tells an order. */
export function createEffectRunner(ports: EffectPorts): (effect: Effect) => void {
  let recorded: Promise<unknown> = Promise.resolve();
  const record = (entry: PageRecord): Promise<ApiAnswer> => {
    const details = { ...entry.details, language: ports.language() };
    const sent = recorded.then(() => ports.api.record({ event: entry.event, details }));
    recorded = sent;
    return sent;
  };

  const answer = (told: ApiAnswer, kind: 'session_read' | 'begun') => {
    if (told.ok && told.serverNowMs !== null) ports.setServerTime(told.serverNowMs);
    if (told.ok) ports.dispatch({ kind, session: told.session });
    else {
      const { fault, retryAfterSeconds } = told;
      ports.dispatch({ kind: 'api_failed', fault, retryAfterSeconds, isOnline: navigator.onLine });
    }
  };

  const begin = async (records: readonly PageRecord[]) => {
    let last: ApiAnswer = { ok: false, fault: 'server_error', retryAfterSeconds: null };
    for (const entry of records) {
      last = await record(entry);
      if (!last.ok) break;
    }
    answer(last, 'begun');
  };

  return function runEffect(effect) {
    switch (effect.kind) {
      case 'read_session':
        void ports.api.read().then((told) => answer(told, 'session_read'));
        return;
      case 'record':
        void record(effect.record);
        return;
      case 'begin':
        void begin(effect.records);
        return;
      case 'start_capture':
        ports.capture.start({ ...effect, language: ports.language() });
        return;
      case 'resend_capture':
        ports.capture.resend();
        return;
      case 'end_capture':
        ports.capture.end();
        return;
      case 'ask_consent':
        ports.askConsent();
        return;
      case 'reload':
        ports.reload();
    }
  };
}
