import { Host, HostParams } from '#shared/contract/hosts.ts';
import { defineOperation } from '../../operation/operation.ts';
import { disallowHost } from '../../use-cases/manage-hosts.ts';
import { presentHost } from './present-host.ts';

export const deleteHost = defineOperation({
  id: 'deleteHost',
  method: 'DELETE',
  path: '/api/v1/hosts/{host_id}',
  tag: 'Hosts',
  summary: 'Stop allowing a browser origin',
  access: 'key',
  scope: 'hosts:write',
  params: HostParams,
  success: { status: 200, data: Host, description: 'The host that was removed.' },
  errors: ['not_found'],
  async handle({ params, caller, services }) {
    return presentHost(await disallowHost(services, caller.organisation.id, params.host_id));
  },
});
