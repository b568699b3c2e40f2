/** The files of a task: a folder at a time, and a file with its end followed as it grows. */
import { useEffect, useState } from 'preact/hooks';
import { downloadFile, type ListedFile, listFiles, readFile } from '../operator-client.ts';

interface SandboxProps {
  readonly agent: string;
  /** Path of the sandbox, as the agent names it. */
  readonly root: string;
}

const REFRESH_MS = 2000;

export function Sandbox({ agent, root }: SandboxProps) {
  const [folder, setFolder] = useState(root);
  const [file, setFile] = useState<string | null>(null);
  const [files, setFiles] = useState<readonly ListedFile[]>([]);
  const [problem, setProblem] = useState('');
  useEffect(() => {
    const end = repeat(async () => {
      try {
        setFiles(await listFiles(agent, folder));
        setProblem('');
      } catch (error) {
        setProblem((error as Error).message);
      }
    });
    return end;
  }, [agent, folder]);
  return (
    <>
      {folder !== root && (
        <p class="buttons">
          <button type="button" onClick={() => setFolder(folder.slice(0, folder.lastIndexOf('/')))}>
            Up
          </button>
          <code>{folder.slice(root.length)}</code>
        </p>
      )}
      {problem !== '' && <p class="problem">{problem}</p>}
      {problem === '' && files.length === 0 && <p class="note">Nothing is in it.</p>}
      <table aria-label="Files">
        <tbody>
          {files.map(({ path, size, nlink, mode }) => {
            const name = path.slice(path.lastIndexOf('/') + 1);
            const isFolder = mode.startsWith('d') || nlink > 1;
            return (
              <tr key={path}>
                <th scope="row">
                  <button
                    type="button"
                    class="link"
                    onClick={() => (isFolder ? setFolder(`${folder}/${name}`) : setFile(`${folder}/${name}`))}
                  >
                    {name}
                    {isFolder && '/'}
                  </button>
                </th>
                <td>{isFolder ? '' : `${size.toLocaleString('en')} bytes`}</td>
                <td>
                  {!isFolder && (
                    <button
                      type="button"
                      class="link"
                      onClick={() => keep(agent, `${folder}/${name}`, setProblem)}
                    >
                      Download <span class="hidden">{name}</span>
                    </button>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {file !== null && <FileEnd key={file} agent={agent} path={file} />}
    </>
  );
}

/** Characters that are kept of a file that grows. */
const MOST = 100_000;
const PART_BYTES = 50_000;

/** The end of a file, followed as long as it is shown. */
function FileEnd({ agent, path }: { readonly agent: string; readonly path: string }) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState('');
  useEffect(() => {
    let next = -1;
    let kept = '';
    const end = repeat(async () => {
      try {
        if (next < 0) next = Math.max(0, (await readFile(agent, path, -1, -1)).offset - PART_BYTES);
        for (;;) {
          const { data } = await readFile(agent, path, next, PART_BYTES);
          if (data === '') break;
          next += new TextEncoder().encode(data).length;
          kept = (kept + data).slice(-MOST);
        }
        setText(kept);
        setProblem('');
      } catch (error) {
        setProblem((error as Error).message);
      }
    });
    return end;
  }, [agent, path]);
  const name = path.slice(path.lastIndexOf('/') + 1);
  return (
    <section aria-label={name}>
      <h3>{name}</h3>
      {problem !== '' && <p class="problem">{problem}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <pre class="file" tabIndex={0} ref={(element) => element?.scrollTo(0, element.scrollHeight)}>
        {text}
      </pre>
    </section>
  );
}

async function keep(agent: string, path: string, failed: (problem: string) => void): Promise<void> {
  try {
    const url = URL.createObjectURL(await downloadFile(agent, path));
    const link = document.createElement('a');
    link.href = url;
    link.download = path.slice(path.lastIndexOf('/') + 1);
    link.click();
    URL.revokeObjectURL(url);
  } catch (error) {
    failed((error as Error).message);
  }
}

/** One after the other, until it is ended. @returns ends it */
function repeat(step: () => Promise<void>): () => void {
  let isOver = false;
  const run = async () => {
    while (!isOver) {
      if (!document.hidden) await step();
      await new Promise((resolve) => setTimeout(resolve, REFRESH_MS));
    }
  };
  run();
  return () => {
    isOver = true;
  };
}
