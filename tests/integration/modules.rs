//! The modules of a crate import each other in one direction, according to their `use` lines.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use syn::{Item, UseTree};

use crate::architecture::{root, rust_files};

/// A path from the root of its crate.
type Names = Vec<String>;

/// The `use` lines of each module.
fn uses(source: &Path) -> BTreeMap<Names, Vec<UseTree>> {
    let mut modules = BTreeMap::new();
    for file in rust_files(source) {
        let relative = file.strip_prefix(source).unwrap().with_extension("");
        let mut module: Names = relative.iter().map(|name| name.to_str().unwrap().to_owned()).collect();
        module.pop_if(|last| ["lib", "main"].contains(&last.as_str()));
        let items = syn::parse_file(&std::fs::read_to_string(&file).unwrap()).unwrap().items;
        // Test modules are exempt.
        if module.last().is_none_or(|last| last != "tests") {
            modules.entry(module).or_insert_with(Vec::new).extend(items.into_iter().filter_map(|item| match item {
                Item::Use(item) => Some(item.tree),
                _ => None,
            }));
        }
    }
    modules
}

/// The paths of a `use` in a module that begin with `crate` or `super`.
fn imported(module: &[String], tree: &UseTree) -> Vec<Names> {
    let (mut found, mut open) = (Vec::new(), vec![(None::<Names>, tree)]);
    while let Some((base, tree)) = open.pop() {
        match tree {
            UseTree::Group(group) => open.extend(group.items.iter().map(|tree| (base.clone(), tree))),
            UseTree::Path(path) => {
                let base = match (path.ident.to_string().as_str(), base) {
                    ("crate", _) => Some(Vec::new()),
                    ("super", None) => Some(module[..module.len() - 1].to_vec()),
                    ("super", Some(base)) => Some(base[..base.len() - 1].to_vec()),
                    (name, base) => base.map(|base| [base, vec![name.to_owned()]].concat()),
                };
                open.extend(base.map(|base| (Some(base), &*path.tree)));
            }
            UseTree::Name(name) => found.extend(base.map(|base| [base, vec![name.ident.to_string()]].concat())),
            UseTree::Rename(name) => found.extend(base.map(|base| [base, vec![name.ident.to_string()]].concat())),
            UseTree::Glob(_) => found.extend(base),
        }
    }
    found
}

/// Each module with the modules that it imports.
fn imports(uses: &BTreeMap<Names, Vec<UseTree>>) -> BTreeMap<&Names, BTreeSet<&Names>> {
    let of = |module: &Names, trees: &[UseTree]| {
        let paths = trees.iter().flat_map(|tree| imported(module, tree));
        // The longest prefix of a path that is a module; the rest names an item in it.
        let known = |path: Names| (1..=path.len()).rev().find_map(|end| uses.get_key_value(&path[..end]));
        paths.filter_map(known).map(|(name, _)| name).filter(|name| *name != module).collect()
    };
    uses.iter().map(|(module, trees)| (module, of(module, trees))).collect()
}

/// The modules that remain after those that import no remaining module are removed repeatedly: the cycles, and the
/// modules that import them.
fn circles<'a>(mut modules: BTreeMap<&'a Names, BTreeSet<&'a Names>>) -> Vec<String> {
    loop {
        let left: BTreeSet<&Names> = modules.keys().copied().collect();
        modules.retain(|_, imports| imports.iter().any(|name| left.contains(name)));
        if modules.len() == left.len() {
            return modules.into_keys().map(|names| names.join("::")).collect();
        }
    }
}

#[test]
fn no_modules_import_each_other_in_a_cycle() {
    let mut count = 0;
    for folder in ["shared", "functions", "infra"] {
        for entry in std::fs::read_dir(root().join(folder)).unwrap() {
            let source = entry.unwrap().path().join("src");
            if source.join("../Cargo.toml").exists() {
                let uses = uses(&source);
                let imports = imports(&uses);
                count += imports.values().map(BTreeSet::len).sum::<usize>();
                assert_eq!(circles(imports), [""; 0], "{}", source.display());
            }
        }
    }
    assert!(count > 300, "{count}");
}

#[test]
fn a_cycle_is_found() {
    let found = |last: &str| {
        let sources = [
            ("a", "use std::fmt; use crate::{b::{B, c::D}, x};"),
            ("b", "pub use super::b::c::*;"),
            ("b::c", last),
            ("d", "use crate::a;"),
        ];
        let uses = sources.map(|(name, text)| {
            let items = syn::parse_str::<syn::File>(text).unwrap().items.into_iter();
            let trees = items.filter_map(|item| if let Item::Use(item) = item { Some(item.tree) } else { None });
            (name.split("::").map(str::to_owned).collect(), trees.collect())
        });
        circles(imports(&BTreeMap::from(uses)))
    };
    assert_eq!(found("use std::a; use crate::x;"), [""; 0]);
    assert_eq!(found("use super::super::a::A as B;"), ["a", "b", "b::c", "d"]);
}
