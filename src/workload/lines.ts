/** Lines of a text file, streamed. */
import type { TraceInput } from './importers/importer.ts';

/** Yields each line without its end, with its 1-based number. */
export async function* readLines(
  input: TraceInput,
  file: string,
): AsyncGenerator<{ line: number; text: string }> {
  const decoder = new TextDecoder();
  let rest = '';
  let line = 0;
  for await (const chunk of input.open(file)) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = parts.pop()!;
    for (const part of parts) yield { line: ++line, text: part.endsWith('\r') ? part.slice(0, -1) : part };
  }
  rest += decoder.decode();
  if (rest !== '') yield { line: ++line, text: rest };
}

/** The whole file as text. */
export async function readText(input: TraceInput, file: string): Promise<string> {
  const decoder = new TextDecoder();
  const parts: string[] = [];
  for await (const chunk of input.open(file)) parts.push(decoder.decode(chunk, { stream: true }));
  parts.push(decoder.decode());
  return parts.join('');
}
