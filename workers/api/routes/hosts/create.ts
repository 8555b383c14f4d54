import { Host, HostBody } from '#shared/contract/hosts.ts';
import { defineOperation } from '../../operation/operation.ts';
import { allowHost } from '../../use-cases/manage-hosts.ts';
import { presentHost } from './present-host.ts';

export const createHost = defineOperation({
  id: 'createHost',
  method: 'POST',
  path: '/api/v1/hosts',
  tag: 'Hosts',
  summary: 'Allow a browser origin',
  description: 'Pages of this origin may read answers to requests with keys of the organisation (CORS).',
  access: 'key',
  scope: 'hosts:write',
  creates: true,
  body: HostBody,
  success: { status: 201, data: Host, description: 'The allowed host.' },
  errors: ['conflict'],
  async handle({ body, caller, services, creation }) {
    return presentHost(await allowHost(services, caller.organisation.id, creation.id, body.origin));
  },
});
