/** The console's frame: who uses it, navigation, state of the connection, and the page that the address names. */
import type { JSX } from 'preact';
import { useCallback, useEffect, useState } from 'preact/hooks';
import { pathOf } from './addresses.ts';
import { emptyModel } from './cluster-model.ts';
import { followCluster, type LiveCluster } from './live-cluster.ts';
import { showToken } from './operator-client.ts';
import { AgentPage } from './pages/agent-page.tsx';
import { AgentsPage } from './pages/agents-page.tsx';
import { ClusterPage } from './pages/cluster-page.tsx';
import { FrameworkPage } from './pages/framework-page.tsx';
import { FrameworksPage } from './pages/frameworks-page.tsx';
import type { PageProps } from './pages/page.ts';
import { RolesPage } from './pages/roles-page.tsx';
import { SettingsPage } from './pages/settings-page.tsx';
import { SignInPage } from './pages/sign-in-page.tsx';
import { TaskPage } from './pages/task-page.tsx';
import { TasksPage } from './pages/tasks-page.tsx';
import { askSession, type Session } from './session.ts';

type Page = (props: PageProps) => JSX.Element;

/** `One`: of what the address names besides. */
const PAGES: Readonly<Record<string, { readonly title: string; readonly All: Page; readonly One?: Page }>> = {
  cluster: { title: 'Cluster', All: ClusterPage },
  agents: { title: 'Agents', All: AgentsPage, One: AgentPage },
  frameworks: { title: 'Frameworks', All: FrameworksPage, One: FrameworkPage },
  roles: { title: 'Roles', All: RolesPage },
  tasks: { title: 'Tasks', All: TasksPage, One: TaskPage },
  settings: { title: 'Settings', All: SettingsPage },
};

const RETRY_MS = 1000;

export function App() {
  const [session, setSession] = useState<Session | null>(null);
  const load = useCallback(() => {
    const retry = () => setTimeout(load, RETRY_MS);
    askSession().then((known) => {
      showToken(known.token);
      setSession(known);
    }, retry);
  }, []);
  useEffect(load, [load]);
  if (session === null) return <p class="waiting">Asking the master…</p>;
  if (session.needsSignIn && session.principal === null) return <SignInPage signedIn={load} />;
  return <Console session={session} changed={load} />;
}

function Console({ session, changed }: { readonly session: Session; readonly changed: () => void }) {
  const [path, setPath] = useState(pathOf(location.hash));
  const [cluster, setCluster] = useState<LiveCluster>({
    connection: 'connecting',
    problem: '',
    model: emptyModel(),
    roles: [],
  });
  useEffect(() => followCluster(setCluster, changed), [changed]);
  useEffect(() => {
    const follow = () => {
      setPath(pathOf(location.hash));
      scrollTo(0, 0);
    };
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  const name = path[0] in PAGES ? path[0] : 'cluster';
  const names = path.slice(1);
  const { title, All, One } = PAGES[name];
  useEffect(() => {
    document.title = `${title} · mesolab`;
  }, [title]);
  const Shown = One !== undefined && names.length > 0 ? One : All;
  return (
    <>
      <header>
        <a class="name" href="#/cluster">
          mesolab
        </a>
        <nav aria-label="Pages">
          {Object.entries(PAGES).map(([to, page]) => (
            <a key={to} href={`#/${to}`} aria-current={to === name ? 'page' : undefined}>
              {page.title}
            </a>
          ))}
        </nav>
        <ConnectionState {...cluster} />
      </header>
      <main>
        {Shown === All && <h1>{title}</h1>}
        <Shown cluster={cluster} session={session} names={names} changed={changed} />
      </main>
    </>
  );
}

function ConnectionState({ connection, problem }: LiveCluster) {
  const text = {
    connecting: 'Connecting…',
    live: 'Live',
    lost: `Not connected: what is shown is old (${problem}); trying again`,
  };
  return (
    <p role="status" class={`connection ${connection}`}>
      {text[connection]}
    </p>
  );
}
