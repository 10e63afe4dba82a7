import type { Schema } from './schema.ts'

/** One call, described; `path` stands as in the route tables. */
export interface Operation {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  summary: string
  more?: string
  /** Example values of the parts in the path. */
  params?: Record<string, string>
  query?: Record<string, Schema>
  body?: Schema
  /** A body that works on seed small. */
  example?: unknown
  /** Status of a success; 200 unless said otherwise. */
  status?: number
  /** What a success holds; left out: nothing. */
  answer?: Schema
  mediaType?: 'image/png'
}

/** Calls that belong together, under one heading. */
export interface Chapter {
  name: string
  about: string
  security: 'contentToken' | 'itvtCookie' | 'controlKey' | 'none'
  operations: readonly Operation[]
}
