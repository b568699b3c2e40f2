//! Runs one hot kernel of the engine, for `npm run bench:check`, which counts its instructions.
//! Without an argument it prints the kernels' names, one a line; with one it runs that kernel and prints a checksum.

use mesolab_native::kernels::{KERNELS, run};

fn main() {
    match std::env::args().nth(1) {
        None => KERNELS.iter().for_each(|(name, _)| println!("{name}")),
        Some(name) => match run(&name) {
            Some(checksum) => println!("{checksum}"),
            None => {
                eprintln!("no kernel is named {name:?}");
                std::process::exit(2);
            }
        },
    }
}
