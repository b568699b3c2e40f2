/** VitePress's own look, and commands, which pages set by indentation, in boxes. */
import theme from 'vitepress/theme';
import './commands.css';

// VitePress looks for a default export.
// biome-ignore lint/style/noDefaultExport: see above
export default theme;
