/** A button that changes the cluster: it asks first, does it, and shows what the master says where it refuses. */
import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { Session } from '../session.ts';

interface ActionProps {
  readonly session: Session;
  /** On the button, and at the end of the question. */
  readonly label: string;
  /** Of several such buttons on a page: which, for those who hear it. */
  readonly of?: string;
  /** What will happen, in a sentence or two. */
  readonly question: string;
  /** Fields of the form, with values by default: the page is drawn again while somebody types. */
  readonly children?: ComponentChildren;
  /** @throws Error that says why not */
  act(form: FormData): Promise<unknown>;
}

/** Nothing where the console is read-only: the master would refuse. */
export function Action({ session, label, of, question, children, act }: ActionProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [problem, setProblem] = useState('');
  const [isBusy, setBusy] = useState(false);
  if (session.isReadOnly) return null;
  const open = () => {
    // What was typed before and not sent is forgotten.
    dialog.current?.querySelector('form')?.reset();
    dialog.current?.showModal();
  };
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem('');
    try {
      await act(new FormData(event.currentTarget as HTMLFormElement));
      dialog.current?.close();
    } catch (error) {
      setProblem((error as Error).message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <button type="button" onClick={open}>
        {label}…{of !== undefined && <span class="hidden"> of {of}</span>}
      </button>
      <dialog ref={dialog} aria-label={label} onClose={() => setProblem('')}>
        <form onSubmit={submit}>
          <p>{question}</p>
          {children}
          {problem !== '' && (
            <p role="alert" class="problem">
              {problem}
            </p>
          )}
          <p class="buttons">
            <button type="button" onClick={() => dialog.current?.close()}>
              Cancel
            </button>
            <button type="submit" class="chosen" disabled={isBusy}>
              {label}
            </button>
          </p>
        </form>
      </dialog>
    </>
  );
}
