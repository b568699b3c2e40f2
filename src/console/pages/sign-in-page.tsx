/** The form that is shown where the master wants credentials. */
import { useState } from 'preact/hooks';
import { signIn } from '../session.ts';

export function SignInPage({ signedIn }: { readonly signedIn: () => void }) {
  const [problem, setProblem] = useState('');
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const why = await signIn(String(form.get('principal')), String(form.get('secret'))).catch(
      (error: Error) => error.message,
    );
    setProblem(why);
    if (why === '') signedIn();
  };
  return (
    <main class="sign-in">
      <h1>mesolab</h1>
      <p class="note">This master wants the credentials of an operator.</p>
      <form onSubmit={submit}>
        <label>
          Principal
          <input name="principal" autocomplete="username" required />
        </label>
        <label>
          Secret
          <input name="secret" type="password" autocomplete="current-password" required />
        </label>
        {problem !== '' && (
          <p role="alert" class="problem">
            {problem}
          </p>
        )}
        <button type="submit" class="chosen">
          Sign in
        </button>
      </form>
    </main>
  );
}
