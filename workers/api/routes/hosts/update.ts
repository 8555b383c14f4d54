import { Host, HostBody, HostParams } from '#shared/contract/hosts.ts';
import { defineOperation } from '../../operation/operation.ts';
import { changeAllowedHost } from '../../use-cases/manage-hosts.ts';
import { presentHost } from './present-host.ts';

export const updateHost = defineOperation({
  id: 'updateHost',
  method: 'PATCH',
  path: '/api/v1/hosts/{host_id}',
  tag: 'Hosts',
  summary: 'Change an allowed browser origin',
  access: 'key',
  scope: 'hosts:write',
  params: HostParams,
  body: HostBody,
  success: { status: 200, data: Host, description: 'The host as it is now.' },
  errors: ['not_found', 'conflict'],
  async handle({ params, body, caller, services }) {
    return presentHost(await changeAllowedHost(services, caller.organisation.id, params.host_id, body.origin));
  },
});
