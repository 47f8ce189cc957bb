"""What is read in a browser or in JupyterLab: evidence, reader, site, notebooks; and the build of a checkout."""
