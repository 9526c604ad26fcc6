// What changesets writes into a CHANGELOG.md: a change by its own text, without the commit that brought it, and the packages that
// it was built with in one line. `changeset version` loads this file, which is why it is CommonJS.

/** A change as an item of a list; its further lines belong to the item. */
async function getReleaseLine({ summary }) {
  const lines = summary.trim().split('\n');
  return `- ${lines.map((line) => line.trimEnd()).join('\n  ')}`.replace(/ +$/gm, '');
}

/** The packages of ours whose new versions this one asks for; an empty text where there is none. */
async function getDependencyReleaseLine(_changesets, dependencies) {
  const names = dependencies.map(({ name, newVersion }) => `${name} ${newVersion}`).sort();
  return names.length > 0 ? `- Uses ${names.join(', ')}.` : '';
}

module.exports = { getReleaseLine, getDependencyReleaseLine };
