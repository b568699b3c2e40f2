/** What a GET is answered with. */

export interface Reading {
  readonly status: number;
  readonly contentType: string;
  readonly body: string | Uint8Array | AsyncIterable<Uint8Array>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** @param callback of JSONP; `null`: plain JSON */
export function jsonReading(value: unknown, callback: string | null): Reading {
  return jsonTextReading(JSON.stringify(value), callback);
}

/** @param text JSON @param callback as for `jsonReading` */
export function jsonTextReading(text: string, callback: string | null): Reading {
  if (callback === null) return { status: 200, contentType: 'application/json', body: text };
  // Whatever else it may be, it is not a function that a page has.
  if (!/^[\w$.]+$/.test(callback))
    return textReading(400, `${JSON.stringify(callback)} is not the name of a function`);
  return { status: 200, contentType: 'text/javascript', body: `${callback}(${text});` };
}

export function textReading(status: number, body: string): Reading {
  return { status, contentType: 'text/plain', body };
}
