import type { PublicFetchLimits, PublicFetchResult } from '#shared/public-fetch/fetch-public.ts';
import type { FacesService } from '#shared/rpc/faces.ts';
import type { GalleriesService } from '#shared/rpc/galleries.ts';

/** What face search needs beside what every use case has. */
export interface FacePorts {
  faces: FacesService;
  galleries: GalleriesService;
  fetchPublic(url: string, limits: PublicFetchLimits): Promise<PublicFetchResult>;
}
