import type { ModelId } from '../registry.ts';
import model10 from './10.json' with { type: 'json' };
import model50 from './50.json' with { type: 'json' };
import model250 from './250.json' with { type: 'json' };
import modelHybridV250 from './hybrid-v2-50.json' with { type: 'json' };
import modelHybridV2150 from './hybrid-v2-150.json' with { type: 'json' };
import modelMixed10 from './mixed-10.json' with { type: 'json' };
import modelMixed10V2 from './mixed-10-v2.json' with { type: 'json' };
import modelMixed30 from './mixed-30.json' with { type: 'json' };
import modelMixed30V2 from './mixed-30-v2.json' with { type: 'json' };
import modelMixed30V311 from './mixed-30-v3_1_1.json' with { type: 'json' };
import modelMixed60 from './mixed-60.json' with { type: 'json' };
import modelMixed60V2 from './mixed-60-v2.json' with { type: 'json' };
import modelMixed60V311 from './mixed-60-v3_1_1.json' with { type: 'json' };
import modelMixed90 from './mixed-90.json' with { type: 'json' };
import modelMixed90V2 from './mixed-90-v2.json' with { type: 'json' };
import modelMixed120 from './mixed-120.json' with { type: 'json' };
import modelMixed120V2 from './mixed-120-v2.json' with { type: 'json' };
import modelMixed120V311 from './mixed-120-v3_1_1.json' with { type: 'json' };
import modelMixed150 from './mixed-150.json' with { type: 'json' };
import modelMixed250 from './mixed-250.json' with { type: 'json' };

/** The file of each model, as JSON: whoever reads one checks it against its schema. */
export const FUSION_MODELS: Readonly<Record<ModelId, unknown>> = {
  '10': model10,
  '50': model50,
  '250': model250,
  'mixed-10-v2': modelMixed10V2,
  'mixed-30-v2': modelMixed30V2,
  'mixed-60-v2': modelMixed60V2,
  'mixed-90-v2': modelMixed90V2,
  'mixed-120-v2': modelMixed120V2,
  'mixed-10': modelMixed10,
  'mixed-30': modelMixed30,
  'mixed-60': modelMixed60,
  'mixed-90': modelMixed90,
  'mixed-120': modelMixed120,
  'mixed-150': modelMixed150,
  'mixed-250': modelMixed250,
  'hybrid-v2-50': modelHybridV250,
  'hybrid-v2-150': modelHybridV2150,
  'mixed-30-v3_1_1': modelMixed30V311,
  'mixed-60-v3_1_1': modelMixed60V311,
  'mixed-120-v3_1_1': modelMixed120V311,
};
