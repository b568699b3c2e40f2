/** Who uses the page, and what it may do: the master's session (docs/console.md). */

export interface Session {
  /** `null`: nobody has signed in. */
  readonly principal: string | null;
  /** Shown with every call, so that no other page can make them. */
  readonly token: string;
  readonly needsSignIn: boolean;
  readonly maySignIn: boolean;
  readonly isReadOnly: boolean;
}

const PATH = '/console/session';

/** @throws Error where the master cannot be reached */
export async function askSession(): Promise<Session> {
  const response = await fetch(PATH);
  if (!response.ok) throw new Error(`the master answers ${response.status}`);
  return (await response.json()) as Session;
}

/** @returns why not; empty: done */
export async function signIn(principal: string, secret: string): Promise<string> {
  const response = await fetch(PATH, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ principal, secret }),
  });
  return response.ok ? '' : (await response.text()).trim() || `The master answers ${response.status}`;
}

export async function signOut(): Promise<void> {
  await fetch(PATH, { method: 'DELETE' });
}
