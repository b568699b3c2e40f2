/** Frameworks, with their roles and what they hold. */
import { addressOf } from '../addresses.ts';
import { readable, sum } from '../amounts.ts';
import type { Framework } from '../cluster-model.ts';
import type { PageProps } from './page.ts';
import { SearchTable, type TableColumn } from './search-table.tsx';

const held = (name: string): TableColumn<Framework> => ({
  title: name,
  text: ({ allocated_resources }) => readable(name, sum(allocated_resources ?? []).get(name) ?? 0),
});

const COLUMNS: readonly TableColumn<Framework>[] = [
  {
    title: 'Framework',
    text: ({ framework_info }) => framework_info.name,
    link: ({ framework_info }) => addressOf('frameworks', framework_info.id!.value),
  },
  { title: 'Roles', text: ({ framework_info: { roles, role } }) => (roles ?? [role ?? '*']).join(', ') },
  { title: 'State', text: frameworkState },
  held('cpus'),
  held('mem'),
  { title: 'User', text: ({ framework_info }) => framework_info.user },
  { title: 'Id', text: ({ framework_info }) => framework_info.id!.value },
];

export function FrameworksPage({ cluster: { model } }: PageProps) {
  return (
    <SearchTable
      name="Frameworks"
      columns={COLUMNS}
      rows={model.frameworks.values()}
      keyOf={({ framework_info }) => framework_info.id!.value}
      none="No framework is registered."
    />
  );
}

export function frameworkState({ active, connected }: Framework): string {
  return active ? 'active' : connected ? 'inactive' : 'not connected';
}
