/** Who uses the page, how it looks, and how the master was started. */
import { useEffect, useState } from 'preact/hooks';
import { ask } from '../operator-client.ts';
import { signOut } from '../session.ts';
import { chooseTheme, chosenTheme, THEMES } from '../theme.ts';
import { Facts } from './facts.tsx';
import type { PageProps } from './page.ts';
import { SignInPage } from './sign-in-page.tsx';

export function SettingsPage({ session, changed }: PageProps) {
  const [flags, setFlags] = useState<readonly (readonly [string, string])[]>([]);
  const [version, setVersion] = useState('');
  const [theme, setTheme] = useState(chosenTheme());
  const [isSigningIn, setSigningIn] = useState(false);
  useEffect(() => {
    Promise.all([ask({ type: 'GET_FLAGS' }), ask({ type: 'GET_VERSION' })]).then(
      ([{ get_flags }, { get_version }]) => {
        setFlags((get_flags?.flags ?? []).map(({ name, value = '' }) => [name, value]));
        const info = get_version?.version_info;
        setVersion(`${info?.build_user ?? 'mesolab'}, speaks Mesos ${info?.version ?? ''}`);
      },
      // The connection's state tells of a break.
      () => {},
    );
  }, []);
  const { principal, maySignIn, isReadOnly } = session;
  if (isSigningIn) return <SignInPage signedIn={changed} />;
  return (
    <>
      <h2>You</h2>
      <p>
        {principal === null ? 'You have not signed in, and need not.' : `You are signed in as ${principal}.`}
        {isReadOnly && ' The console is read-only: it changes nothing.'}
      </p>
      <p class="buttons">
        {principal !== null && (
          <button type="button" onClick={() => signOut().then(changed)}>
            Sign out
          </button>
        )}
        {principal === null && maySignIn && (
          <button type="button" onClick={() => setSigningIn(true)}>
            Sign in
          </button>
        )}
      </p>
      <h2>Look</h2>
      <fieldset class="choices">
        <legend class="hidden">Look</legend>
        {THEMES.map((name) => (
          <label class="choice" key={name}>
            <input
              type="radio"
              name="theme"
              checked={theme === name}
              onChange={() => {
                chooseTheme(name);
                setTheme(name);
              }}
            />{' '}
            {name}
          </label>
        ))}
      </fieldset>
      <h2>Master</h2>
      <Facts facts={[['Version', version]]} />
      <p>
        <a href="/openapi.json">API</a> · <a href="/metrics">figures for Prometheus</a> ·{' '}
        <a href="/state">state</a>
      </p>
      <h2>Flags</h2>
      <Facts facts={[...flags].sort()} />
    </>
  );
}
