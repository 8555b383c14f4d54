import { MODELS } from '#models/registry.ts';
import { ModelList } from '#shared/contract/models.ts';
import { defineOperation } from '../../operation/operation.ts';

export const listModels = defineOperation({
  id: 'listModels',
  method: 'GET',
  path: '/api/v1/models',
  tag: 'Models',
  summary: 'List the models',
  description: 'Takes an API key of any scope, or the token that a deployment shares with its own applications.',
  access: 'key_or_app',
  success: { status: 200, data: ModelList, description: 'Every model of the registry, deprecated ones included.' },
  async handle() {
    return MODELS.map(({ id, label, description, minFrames, deprecated, aliases }) => ({
      id,
      label,
      description,
      min_frames: minFrames,
      deprecated,
      aliases: [...aliases],
    }));
  },
});
