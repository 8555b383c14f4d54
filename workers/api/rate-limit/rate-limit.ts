import { DurableObject } from 'cloudflare:workers';
import type { RateLimitDecision } from '#shared/rpc/rate-limiter.ts';
import { type SlidingWindow, takeFromWindow, type WindowRequest, windowEmptyAt } from './sliding-window.ts';

const WINDOW_KEY = 'window';
const WRITE_INTERVAL_MS = 1_000;

/**
 * The counter of one identifier. It counts in memory, where one object is one thread: nothing runs between the reading
 * and the writing of a count. The disk only carries a window over an eviction.
 *
 * A graceful eviction loses nothing, since a pending write keeps the object alive. A crash, or a deploy, loses what passed
 * since the last write: at most about a second of requests, which may then pass once more. That is the one way in which
 * this limiter falls open, and a write for every request would be the price of closing it.
 */
export class RateLimit extends DurableObject {
  #window: SlidingWindow | undefined;
  #alarmIsSet = false;
  #lastWriteAt = 0;
  #pendingWrite: ReturnType<typeof setTimeout> | undefined;

  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env);
    // If the disk cannot be read, the object does not start and the call fails: a window is never taken to be empty
    // because nobody could look.
    this.ctx.blockConcurrencyWhile(async () => {
      this.#window = await this.ctx.storage.get<SlidingWindow>(WINDOW_KEY);
      this.#alarmIsSet = (await this.ctx.storage.getAlarm()) !== null;
    });
  }

  take(request: WindowRequest): RateLimitDecision {
    const { window, decision } = takeFromWindow(this.#window, request, Date.now());
    this.#window = window;
    if (decision.allowed) this.#writeSoon();
    return decision;
  }

  /** For the health probe: answers once the object has started and read its disk, and leaves no trace. */
  ping(): 'pong' {
    return 'pong';
  }

  /** Nothing of an identifier remains once its window is empty. */
  override async alarm(): Promise<void> {
    const emptyAt = this.#window === undefined ? 0 : windowEmptyAt(this.#window);
    if (Date.now() < emptyAt) {
      this.#alarmIsSet = true;
      await this.ctx.storage.setAlarm(emptyAt);
      return;
    }
    clearTimeout(this.#pendingWrite);
    this.#pendingWrite = undefined;
    this.#window = undefined;
    this.#alarmIsSet = false;
    await this.ctx.storage.deleteAll();
  }

  /** The first change is written right after its answer, later ones once a second, the last one always. */
  #writeSoon(): void {
    if (this.#pendingWrite !== undefined) return;
    const wait = this.#lastWriteAt + WRITE_INTERVAL_MS - Date.now();
    // Clamped on both sides: a clock that went back must not put the write off.
    this.#pendingWrite = setTimeout(() => this.#write(), Math.min(WRITE_INTERVAL_MS, Math.max(0, wait)));
  }

  #write(): void {
    this.#pendingWrite = undefined;
    if (this.#window === undefined) return;
    this.#lastWriteAt = Date.now();
    // Unconfirmed: no answer waits for the disk. If the write fails, the runtime resets the object: see the crash above.
    this.ctx.waitUntil(this.ctx.storage.put(WINDOW_KEY, this.#window, { allowUnconfirmed: true }));
    if (this.#alarmIsSet) return;
    // One alarm a window, not one a write: when it rings too early it sets itself anew. Alarms know no unconfirmed write,
    // so once a window the answers under way at that moment do wait for the disk.
    this.#alarmIsSet = true;
    this.ctx.waitUntil(this.ctx.storage.setAlarm(windowEmptyAt(this.#window)));
  }
}
