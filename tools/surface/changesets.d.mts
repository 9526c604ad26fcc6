export function withoutChangeset(name: string, root?: string): readonly string[];
