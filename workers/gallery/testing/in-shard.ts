import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { MatrixBudget } from '../engine/matrix-budget.ts';
import { MatrixIndex } from '../engine/matrix-index.ts';
import { PendingVectors } from '../engine/pending-vectors.ts';
import { VectorNames } from '../engine/vector-names.ts';
import { VectorizeIndex } from '../engine/vectorize-index.ts';
import { GalleryShardWork } from '../gallery-shard-work.ts';
import { startKernel } from '../index/kernel.ts';
import kernelModule from '../index/kernel.wasm';
import { PackedMatrix } from '../index/packed-matrix.ts';
import { FaceSeal } from '../store/face-seal.ts';
import { GalleryTruth } from '../store/gallery-truth.ts';
import { ShardStore, type Storage } from '../store/shard-store.ts';
import type { VectorizeDouble } from './vectorize-double.ts';

export const MASTER_KEY = new Uint8Array(32).fill(7);

export interface Life {
  /** The matrix in memory where none is given. */
  vectors?: VectorizeDouble;
  storage?: Storage;
  masterKey?: Uint8Array;
  organisationId?: string;
  collectionId?: string;
  capacityPersons?: number;
  matrix?: PackedMatrix;
  budget?: MatrixBudget;
}

/** The real storage of an object of its own, and lives of a shard on it. */
export function inShard(test: (shard: ShardOnDisk) => Promise<void>): Promise<void> {
  const object = env.GALLERY_SHARD.getByName(crypto.randomUUID());
  return runInDurableObject(object, async (_object, { storage }) => test(shardOn(storage)));
}

export type ShardOnDisk = ReturnType<typeof shardOn>;

function shardOn(storage: DurableObjectStorage) {
  const log: string[] = [];
  // An alarm that were set for the past would ring at once, in the object that the storage belongs to.
  const clock = { nowMs: Date.now() + 3_600_000 };
  /** A life of the object: what the one before had in memory is gone. */
  function live(life: Life = {}): GalleryShardWork {
    const { masterKey = MASTER_KEY, organisationId = 'acme', collectionId = 'staff', capacityPersons = 1000 } = life;
    const seal = new FaceSeal(masterKey, organisationId);
    const place = { organisationId, collectionId, shard: 0 };
    const truth = new GalleryTruth({ store: new ShardStore(life.storage ?? storage), seal, place });
    const newMatrix = () => life.matrix ?? aMatrix();
    const shared = {
      templates: truth,
      capacityPersons,
      log: (message: string, error?: unknown) => void log.push(`${message}: ${error}`),
    };
    const index = life.vectors
      ? new VectorizeIndex({
          ...shared,
          vectors: life.vectors,
          names: new VectorNames(place),
          pending: new PendingVectors(storage.sql),
          nowMs: () => clock.nowMs,
          ringAt: (atMs) => void storage.setAlarm(atMs),
        })
      : new MatrixIndex({ ...shared, newMatrix, budget: life.budget ?? new MatrixBudget(2 ** 30) });
    return new GalleryShardWork({ truth, index });
  }

  const rows = (table: string) => [...storage.sql.exec(`SELECT rowid, * FROM ${table} ORDER BY rowid`).raw()];
  /** Everything that is stored, to be compared with what it was before. */
  const onDisk = () =>
    JSON.stringify(['facts', 'persons', 'faces'].map(rows), (_key, value: unknown) =>
      value instanceof ArrayBuffer ? [...new Uint8Array(value)] : value,
    );
  return { storage, live, rows, onDisk, log, clock };
}

export function aMatrix(): PackedMatrix {
  return new PackedMatrix(startKernel(kernelModule));
}

/** Storage whose disk fails at one of the statements to come, or does not while that is null. */
export function failingStorage(storage: DurableObjectStorage) {
  const state = { failAt: null as number | null, statements: [] as string[] };
  const sql = new Proxy(storage.sql, {
    get(target, property) {
      if (property === 'databaseSize') return target.databaseSize;
      return (query: string, ...values: unknown[]) => {
        state.statements.push(query);
        if (state.statements.length - 1 === state.failAt) throw new Error('disk I/O error: SQLITE_IOERR');
        return target.exec(query, ...values);
      };
    },
  });
  const failing: Storage = {
    sql,
    transactionSync: (change) => storage.transactionSync(change),
    deleteAll: () => storage.deleteAll(),
  };
  return { failing, state };
}
