"""Money: what units cost, what came back, what links, codes and answers claim."""
