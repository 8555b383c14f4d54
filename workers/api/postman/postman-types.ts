/** The part of the Postman Collection Format v2.1.0 that we write: https://schema.postman.com/collection/json/v2.1.0/draft-07/docs/ */
export interface PostmanCollection {
  info: { _postman_id: string; name: string; description: string; version: string; schema: typeof POSTMAN_SCHEMA };
  item: (PostmanFolder | PostmanItem)[];
  auth: PostmanAuth;
  variable: PostmanVariable[];
}

export const POSTMAN_SCHEMA = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';

export interface PostmanFolder {
  id: string;
  name: string;
  description: string;
  item: PostmanItem[];
}

export interface PostmanItem {
  id: string;
  name: string;
  request: PostmanRequest;
  response: PostmanResponse[];
}

export interface PostmanRequest {
  method: string;
  description: string;
  /** Absent: the collection's. */
  auth?: PostmanAuth;
  header: PostmanParameter[];
  url: PostmanUrl;
  body?: PostmanBody;
}

export type PostmanBody =
  | { mode: 'raw'; raw: string; options: { raw: { language: 'json' } } }
  | { mode: 'formdata'; formdata: PostmanFormField[] };

export type PostmanFormField = { key: string; description: string; disabled?: boolean } & (
  | { type: 'text'; value: string }
  /** Paths on the user's machine, which we do not know. */
  | { type: 'file'; src: string[] }
);

export interface PostmanUrl {
  raw: string;
  host: string[];
  path: string[];
  query: PostmanParameter[];
  variable: PostmanVariable[];
}

export interface PostmanParameter {
  key: string;
  value: string;
  description?: string;
  disabled?: boolean;
}

export interface PostmanVariable {
  key: string;
  value: string;
  type?: 'string';
  description?: string;
}

export interface PostmanResponse {
  id: string;
  name: string;
  originalRequest: PostmanRequest;
  status: string;
  code: number;
  _postman_previewlanguage: 'json' | 'text';
  header: PostmanParameter[];
  cookie: never[];
  body: string;
}

type AuthParameter = { key: string; value: string; type: 'string' };
export type PostmanAuth =
  | { type: 'noauth' }
  | { type: 'apikey'; apikey: AuthParameter[] }
  | { type: 'bearer'; bearer: AuthParameter[] };
