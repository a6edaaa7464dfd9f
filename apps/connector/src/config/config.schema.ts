import { type Did, isDid } from '@hansa/kernel';
import { logLevels, secret } from '@hansa/platform';
import { z } from 'zod';

const did = z.custom<Did>(isDid, 'must be a DID, for instance did:web:authority.example');

/** Every setting of a node; a key that is not here is refused. */
export const configSchema = z.strictObject({
  city: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and hyphens')
    .default('city')
    .describe('the name of this node: lower-case letters, digits and hyphens'),
  publicUrl: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('the address by which others reach this node, for instance https://data.berlin.example'),
  listen: z
    .strictObject({
      host: z.string().min(1).default('127.0.0.1').describe('the address to listen on'),
      port: z.int().min(0).max(65535).default(7001).describe('a TCP port'),
    })
    .prefault({}),
  dataDirectory: z.string().min(1).optional().describe('a directory; the default is ./data/<city>'),
  database: z
    .strictObject({
      url: secret(z.url({ protocol: /^postgres(ql)?$/ }))
        .optional()
        .describe('a PostgreSQL address; without it the node keeps an embedded database in its data directory'),
    })
    .prefault({}),
  redis: z
    .strictObject({
      url: secret(z.url({ protocol: /^rediss?$/ }))
        .optional()
        .describe('a Redis address for the job queue; without it jobs are kept in the database'),
    })
    .prefault({}),
  authority: z.boolean().default(false).describe('true for a node that issues membership credentials'),
  trust: z
    .strictObject({
      requiredCredentials: z
        .array(z.string().min(1))
        .default(['MembershipCredential'])
        .describe('the credential types that every counterparty must present'),
      presentationSeconds: z
        .number()
        .min(0)
        .default(30)
        .describe(
          'seconds for which credentials once presented are taken as presented; 0 asks for them at every message',
        ),
      issuers: z.array(did).default([]).describe('the DIDs of the issuers that are trusted for these credentials'),
    })
    .prefault({}),
  network: z
    .strictObject({
      allowLoopback: z
        .boolean()
        .default(false)
        .describe('true to reach counterparties on this machine over http, for trials; never in production'),
    })
    .prefault({}),
  admin: z
    .strictObject({
      token: secret(z.string().min(16))
        .optional()
        .describe('the administrator token; by default one is made at the first start'),
    })
    .prefault({}),
  log: z
    .strictObject({
      level: z
        .enum(logLevels)
        .default('info')
        .describe(`one of ${logLevels.join(', ')}`),
    })
    .prefault({}),
  audits: z
    .strictObject({
      minimumCell: z
        .int()
        .min(1)
        .default(10)
        .describe('counts below this are withheld from the audits of others; 1 hands out all'),
    })
    .prefault({}),
  limits: z
    .strictObject({
      bodyBytes: z.int().min(1024).default(1_048_576).describe('the largest request body in bytes'),
      requestsPerMinute: z.int().min(1).default(6000).describe('requests accepted from one address in a minute'),
      modelMemoryMiB: z.int().min(128).default(2048).describe('memory that a hosted model may use, in MiB'),
      modelSeconds: z.number().min(0.1).default(30).describe('seconds that one run of a hosted model may take'),
    })
    .prefault({}),
});

export type Settings = z.output<typeof configSchema>;

/** Which environment variable sets which key. */
export const environmentMapping = {
  HANSA_CONFIG: null,
  HANSA_URL: null,
  HANSA_TOKEN: null,
  HANSA_TEST_DATABASE_URL: null,
  HANSA_TEST_REDIS_URL: null,
  HANSA_CITY: 'city',
  HANSA_PUBLIC_URL: 'publicUrl',
  HANSA_HOST: 'listen.host',
  HANSA_PORT: 'listen.port',
  HANSA_DATA_DIRECTORY: 'dataDirectory',
  DATABASE_URL: 'database.url',
  REDIS_URL: 'redis.url',
  HANSA_AUTHORITY: 'authority',
  HANSA_REQUIRED_CREDENTIALS: 'trust.requiredCredentials',
  HANSA_TRUSTED_ISSUERS: 'trust.issuers',
  HANSA_ALLOW_LOOPBACK: 'network.allowLoopback',
  HANSA_ADMIN_TOKEN: 'admin.token',
  HANSA_LOG_LEVEL: 'log.level',
} as const;
