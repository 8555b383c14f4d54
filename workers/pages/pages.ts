import { WorkerEntrypoint } from 'cloudflare:workers';
import { answerPage } from './answer-page.ts';

export interface PagesEnv {
  ASSETS: Pick<Fetcher, 'fetch'>;
}

/** What people see. Reached through the gateway's service binding; who may see it is decided there. */
export class Pages extends WorkerEntrypoint<PagesEnv> {
  override async fetch(request: Request): Promise<Response> {
    return await answerPage(request, this.env.ASSETS);
  }
}
