/** The console's frame: navigation, state of the connection, and the page that the address names. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { emptyModel } from './cluster-model.ts';
import { followCluster, type LiveCluster } from './live-cluster.ts';
import { AgentsPage } from './pages/agents-page.tsx';
import { ClusterPage } from './pages/cluster-page.tsx';
import { FrameworksPage } from './pages/frameworks-page.tsx';
import type { PageProps } from './pages/page.ts';
import { TasksPage } from './pages/tasks-page.tsx';

const PAGES: Readonly<
  Record<string, { readonly title: string; readonly Page: (props: PageProps) => JSX.Element }>
> = {
  cluster: { title: 'Cluster', Page: ClusterPage },
  agents: { title: 'Agents', Page: AgentsPage },
  frameworks: { title: 'Frameworks', Page: FrameworksPage },
  tasks: { title: 'Tasks', Page: TasksPage },
};

const pageNamed = (hash: string): string => {
  const name = hash.replace(/^#\/?/, '');
  return name in PAGES ? name : 'cluster';
};

export function App() {
  const [name, setName] = useState(pageNamed(location.hash));
  const [cluster, setCluster] = useState<LiveCluster>({
    connection: 'connecting',
    problem: '',
    model: emptyModel(),
    roles: [],
  });
  useEffect(() => followCluster(setCluster), []);
  useEffect(() => {
    const follow = () => setName(pageNamed(location.hash));
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  const { title, Page } = PAGES[name];
  useEffect(() => {
    document.title = `${title} · mesolab`;
  }, [title]);
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
        <h1>{title}</h1>
        <Page cluster={cluster} />
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
