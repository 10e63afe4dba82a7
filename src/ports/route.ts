/** What travels between the HTTP server and the rooms that answer: plain data, no library's types. */
export interface HttpRequest {
  /** GUID of this request; also the `request-id` header of the answer. */
  readonly id: string
  readonly method: string
  /** Path and query as received, percent-encoding untouched. */
  readonly target: string
  /** Lower-case names; several values of one header joined with `, `. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** Scheme, host and port for links, without a trailing slash. */
  readonly origin: string
  readonly remoteAddress: string
  /** How many requests are answered together, this one included: they share what one may cost. Absent = it stands alone. */
  readonly sharedBy?: number
  /** The whole body, read when asked for. Failure `payloadTooLarge` beyond the limit (bytes). */
  readBody(limit: number): Promise<Uint8Array>
}

export interface HttpResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Absent = no body. */
  readonly body?: string
  /** For logs and metrics: the route's pattern, who called, what failed. */
  readonly observed?: {
    readonly route: string
    readonly tenantId?: string
    readonly clientId?: string
    readonly failureCode?: string
  }
}

/** Answers every request below its paths; never rejects. */
export type Answer = (request: HttpRequest) => Promise<HttpResponse>
