//! Reads that the query API has no counterpart of.

/// Lines of the file, from 1, by why they are not translated.
pub(super) const UNTRANSLATED: [(&str, &[usize]); 9] = [
    (
        "the pattern is no chain: three hops meet in a node, or hops close a circle",
        &[2, 17, 18, 19, 20, 21, 22, 23, 24, 25, 49, 58, 66, 91, 94, 154, 194],
    ),
    ("nodes are combined that no hop connects", &[37, 41, 50, 51, 52, 53, 63, 85, 86, 88, 89, 106, 107, 117]),
    ("a comparison spans more than one hop, or a subquery and the rows around it", &[46, 47, 48, 186, 187, 189, 191]),
    ("rows of several hops are ordered or grouped, or their number goes into another pattern", &[13, 14, 15, 16, 143]),
    ("a hop is optional and repeated, or follows several edge types, or the read begins with it", &[87, 90, 159, 162]),
    ("rows become lists, or lists rows", &[4, 5, 6, 7, 8, 138, 198]),
    ("there is arithmetic over properties, or chance", &[31, 120, 136, 137]),
    (
        "whole nodes, edges or paths are printed, with ids that are kuzu's own",
        &[
            9, 11, 64, 72, 73, 74, 81, 98, 99, 100, 101, 102, 103, 114, 124, 150, 151, 153, 158, 163, 164, 166, 167,
            168, 169, 181,
        ],
    ),
    ("no graph is read", &[109, 110, 111, 112, 130, 131]),
];
