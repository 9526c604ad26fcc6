export function untold(name: string, root?: string): readonly string[];
