/** Which addresses keys may come from: HTTPS, or this very machine, where nobody listens in on the way. */
export function isSafeAddress(url: URL): boolean {
  return url.protocol === 'https:' || isPlainLoopback(url)
}

export function isPlainLoopback({ protocol, hostname }: URL): boolean {
  const isLoopback =
    hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
  return protocol === 'http:' && isLoopback
}
