/** What a batch is sent and what it answers, as JSON schemas. */
import type { Body } from './bodies.ts'
import { type JsonSchema, ref } from './schemas.ts'

export const batchBody: Body = {
  schema: ref('batchRequest'),
  example: { requests: [{ id: '1', method: 'GET', url: '/deviceAppManagement/vppTokens' }] },
}
export const batchAnswer = ref('batchResponse')

const headers = { type: 'object', additionalProperties: { type: 'string' } }

/** For versions that take batches (graph 7.8). */
export const batchSchemas: Readonly<Record<'batchRequest' | 'batchResponse', JsonSchema>> = {
  batchRequest: {
    type: 'object',
    required: ['requests'],
    properties: {
      requests: {
        type: 'array',
        minItems: 1,
        maxItems: 20,
        items: {
          type: 'object',
          required: ['id', 'method', 'url'],
          properties: {
            id: { type: 'string' },
            method: { type: 'string' },
            url: { type: 'string', description: 'Relative to the version' },
            headers: { ...headers, description: 'With a body, its Content-Type' },
            body: {},
            dependsOn: { type: 'array', items: { type: 'string' } },
          },
        },
      },
    },
  },
  batchResponse: {
    type: 'object',
    required: ['responses'],
    properties: {
      responses: {
        type: 'array',
        items: {
          type: 'object',
          required: ['id', 'status'],
          properties: {
            id: { type: 'string' },
            status: { type: 'integer' },
            headers,
            body: {},
          },
        },
      },
    },
  },
}
